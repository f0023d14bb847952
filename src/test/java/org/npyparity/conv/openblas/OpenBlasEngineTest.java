package org.npyparity.conv.openblas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.npyparity.conv.ConvEngine;
import org.npyparity.conv.ConvEngines;

/** The fixtures judge the products; this is about how the engine is found. */
class OpenBlasEngineTest {

    @Test
    void isFoundAndRunsWhereBytedecosLibraryIsOnTheClassPath() {
        assertEquals(Optional.empty(), ConvEngines.named("openblas").unavailable());
    }

    @Test
    void saysWhatIsMissingWhereTheLibraryIsNotOnTheClassPath() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(Pattern.quote(java.io.File.pathSeparator))) {
            if (!entry.contains("bytedeco")) {
                urls.add(url(entry));
            }
        }
        try (URLClassLoader without =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> type = without.loadClass(ConvEngine.class.getName());
            Object engine = ServiceLoader.load(type, without).stream()
                    .filter(p -> p.type().getSimpleName().equals("OpenBlasEngine"))
                    .findFirst()
                    .orElseThrow()
                    .get();
            Optional<?> reason = (Optional<?>) type.getMethod("unavailable").invoke(engine);
            assertTrue(reason.toString().contains("org.bytedeco:openblas-platform"), reason.toString());
        }
    }

    private static URL url(String entry) throws MalformedURLException {
        return Path.of(entry).toUri().toURL();
    }
}
