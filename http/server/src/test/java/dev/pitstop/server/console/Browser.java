package dev.pitstop.server.console;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.ElementClickInterceptedException;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.FluentWait;

/** A headless Chromium that people's steps are done in. For one thread. */
final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Says that it has no typed protocol for this version of Chromium; none is used. */
  private static final Logger UNTYPED = Logger.getLogger("org.openqa.selenium.devtools");

  static {
    UNTYPED.setLevel(Level.SEVERE);
  }

  private final ChromeDriver driver;
  private final URI base;

  private Browser(ChromeDriver driver, URI base) {
    this.driver = driver;
    this.base = base;
  }

  /** Starts one whose clocks are those of Oslo; skips the test where there is none. */
  static Browser start(URI base) {
    Optional<Path> chromium = program("chromium");
    Optional<Path> chromedriver = program("chromedriver");
    assumeTrue(
        chromium.isPresent() && chromedriver.isPresent(),
        "needs chromium and chromedriver; bin/servers installs them");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.get().toFile());
    options.addArguments("--headless=new", "--disable-dev-shm-usage", "--hide-scrollbars");
    options.addArguments("--lang=en", "--window-size=1280,900", "--force-device-scale-factor=1");
    if (System.getProperty("user.name").equals("root")) {
      options.addArguments("--no-sandbox"); // Chromium has none for root
    }
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(chromedriver.get().toFile())
            .withEnvironment(Map.of("TZ", "Europe/Oslo"))
            .build();
    return new Browser(new ChromeDriver(service, options), base);
  }

  private static Optional<Path> program(String name) {
    return Arrays.stream(System.getenv("PATH").split(":", -1))
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Opens an address of the console. */
  void open(String path) {
    driver.get(base.resolve(path).toString());
    find("main");
  }

  /** Opens an address; says how long it took from asking for it until an element was there. */
  double millisFromAddress(String path, String css) {
    driver.get("about:blank");
    Map<String, Object> watch =
        Map.of(
            "source",
            "new MutationObserver(() => { if (document.querySelector('"
                + css
                + "')) window.seenAt ??= performance.now(); })"
                + ".observe(document, {childList: true, subtree: true})");
    Object script =
        driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", watch).get("identifier");
    open(path);
    find(css);
    driver.executeCdpCommand(
        "Page.removeScriptToEvaluateOnNewDocument",
        Map.of("identifier", Objects.requireNonNull(script)));
    return ((Number) Objects.requireNonNull(script("return window.seenAt"))).doubleValue();
  }

  /** Clicks a link; says how long it took until an element was there. */
  double millisFromClick(String link, String css) {
    return ((Number)
            Objects.requireNonNull(
                driver.executeAsyncScript(
                    "const begun = performance.now(); const end = arguments[2];"
                        + "new MutationObserver((all, self) => {"
                        + " if (document.querySelector(arguments[1])) {"
                        + " self.disconnect(); end(performance.now() - begun); } })"
                        + ".observe(document, {childList: true, subtree: true});"
                        + "document.querySelector(arguments[0]).click()",
                    link,
                    css)))
        .doubleValue();
  }

  String address() {
    URI now = URI.create(driver.getCurrentUrl().replace("|", "%7C"));
    return now.getRawPath() + (now.getRawQuery() == null ? "" : "?" + now.getRawQuery());
  }

  void back() {
    driver.navigate().back();
  }

  /** Opens an address in a new window or tab; gives what names the one before. */
  String open(String path, WindowType type) {
    String before = driver.getWindowHandle();
    driver.switchTo().newWindow(type);
    open(path);
    return before;
  }

  /** Closes another window or tab and stays in this one. */
  void close(String other) {
    String here = driver.getWindowHandle();
    driver.switchTo().window(other).close();
    driver.switchTo().window(here);
  }

  /** How many tabs hold a lock, and how many wait for one. */
  @Nullable Object locks() {
    return driver.executeAsyncScript(
        "navigator.locks.query().then((all) => arguments[0]([all.held.length,"
            + " all.pending.length]))");
  }

  /** Makes the window as wide, in the given theme. */
  void size(int width, String theme) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", theme))));
  }

  /** Waits for an element. */
  WebElement find(String css) {
    return until("there is " + css, () -> driver.findElement(By.cssSelector(css)));
  }

  List<WebElement> findAll(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  /** The texts of all such elements at this moment. */
  List<String> texts(String css) {
    @SuppressWarnings("unchecked") // what the script gives
    List<String> texts =
        (List<String>)
            Objects.requireNonNull(
                script(
                    "return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText.trim())",
                    css));
    return texts;
  }

  /** Waits until an element has a text in it. */
  void sees(String css, String text) {
    until(
        css + " shows " + text,
        () -> texts(css).stream().anyMatch(shown -> shown.contains(text)) ? true : null);
  }

  /** Waits until no such element is there. */
  void seesNo(String css) {
    until("there is no " + css, () -> findAll(css).isEmpty() ? true : null);
  }

  /** Waits until something holds. */
  void until(String what, BooleanSupplier holds) {
    until(what, () -> holds.getAsBoolean() ? true : null);
  }

  void click(String css) {
    until(
        css + " can be clicked",
        () -> {
          driver.findElement(By.cssSelector(css)).click();
          return true;
        });
  }

  /** Clicks the button with a text, within an element. */
  void press(String within, String text) {
    By button =
        By.xpath(
            ".//*[self::button or self::a][normalize-space(.)='" + text + "' and not(@disabled)]");
    until(
        "the button " + text + " can be clicked",
        () -> {
          driver.findElement(By.cssSelector(within)).findElement(button).click();
          return true;
        });
  }

  /** Puts a text in place of what a field holds. */
  void type(String css, String text) {
    WebElement field = find(css);
    field.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
    field.sendKeys(text);
  }

  /** Presses keys wherever the focus is. */
  void keys(CharSequence... keys) {
    for (CharSequence key : keys) {
      new Actions(driver).sendKeys(key).perform();
    }
  }

  void point(WebElement at) {
    new Actions(driver).moveToElement(at).perform();
  }

  @Nullable Object script(String script, Object... arguments) {
    return ((JavascriptExecutor) driver).executeScript(script, arguments);
  }

  /** What an expression gives in which {@code m} is a module of the console. */
  @Nullable Object module(String name, String expression) {
    return driver.executeAsyncScript(
        "const end = arguments[1]; import(document.querySelector('script').src.replace('app.js',"
            + " arguments[0])).then((m) => end("
            + expression
            + "), (e) => end(String(e)))",
        name);
  }

  /**
   * What the browser has complained of since it was asked last: errors of scripts and what the
   * page's policy forbade. Answers of the server that are no success are not among them.
   */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(entry -> entry.getMessage())
        .filter(message -> !message.contains("Failed to load resource"))
        .toList();
  }

  private <T> T until(String what, Supplier<@Nullable T> look) {
    AtomicReference<@Nullable T> found = new AtomicReference<>();
    new FluentWait<>(driver)
        .withTimeout(PATIENCE)
        .pollingEvery(Duration.ofMillis(40))
        .ignoring(NoSuchElementException.class)
        .ignoring(StaleElementReferenceException.class)
        .ignoring(ElementClickInterceptedException.class)
        .withMessage(() -> what + "; the page shows:\n" + texts("body"))
        .until(
            ignored -> {
              found.set(look.get());
              return found.get() != null;
            });
    return Objects.requireNonNull(found.get());
  }

  @Override
  public void close() {
    driver.quit();
  }
}
