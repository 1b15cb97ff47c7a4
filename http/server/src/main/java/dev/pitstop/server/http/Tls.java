package dev.pitstop.server.http;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the certificate of a server is. Immutable.
 *
 * @param certificate a PEM file with the certificate and those that lead to its issuer
 * @param key a PEM file with its private key, PKCS #8 and not encrypted
 * @param look how often the files are looked at for changes
 */
public record Tls(Path certificate, Path key, Duration look) {}
