package io.lull.job.state;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The classes of Lull as another version of the code has them: one class of state is compiled anew with one more field,
 * and a class loader of its own loads it and all others beside it.
 */
final class Variant extends ClassLoader {
    private static final List<Path> SOURCES = List.of(Path.of("src/main/java"), Path.of("../policy/src/main/java"));
    private static final String OURS = "io.lull.";

    private final Map<String, byte[]> compiled;

    private Variant(Map<String, byte[]> compiled) {
        super(Variant.class.getClassLoader());
        this.compiled = compiled;
    }

    /** The code as it is. */
    static Variant asItIs() {
        return new Variant(Map.of());
    }

    /** The code with {@code field} at the end of {@code type}. */
    static Variant with(Class<?> type, String field, Path folder) throws IOException {
        String path = type.getName().replace('.', '/') + ".java";
        Path source = SOURCES.stream()
                .map(root -> root.resolve(path))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new IOException("no source of " + type + " in " + SOURCES));
        String text = Files.readString(source);
        int end = text.lastIndexOf('}');
        Path changed = folder.resolve(path);
        Files.createDirectories(changed.getParent());
        Files.writeString(changed, text.substring(0, end) + "    " + field + "\n}\n");
        return new Variant(compile(changed, folder.resolve("classes")));
    }

    private static Map<String, byte[]> compile(Path source, Path classes) throws IOException {
        Files.createDirectories(classes);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean done = compiler.getTask(
                            messages,
                            files,
                            null,
                            List.of("-proc:none", "-nowarn", "-cp", classPath(), "-d", classes.toString()),
                            null,
                            files.getJavaFileObjects(source))
                    .call();
            if (!done) {
                throw new IOException(source + " does not compile:\n" + messages);
            }
        }
        Map<String, byte[]> compiled = new HashMap<>();
        try (Stream<Path> found = Files.walk(classes)) {
            for (Path file :
                    found.filter(path -> path.toString().endsWith(".class")).toList()) {
                String name = classes.relativize(file).toString().replace('/', '.');
                compiled.put(name.substring(0, name.length() - ".class".length()), Files.readAllBytes(file));
            }
        }
        return compiled;
    }

    /** Maven's test runner puts a jar that only names the others on the class path. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = compiled.get(name);
        if (bytes != null) {
            return defineClass(name, bytes, 0, bytes.length);
        }
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] same = in.readAllBytes();
            return defineClass(name, same, 0, same.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
