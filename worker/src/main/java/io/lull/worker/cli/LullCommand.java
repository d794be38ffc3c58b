package io.lull.worker.cli;

import io.lull.worker.config.ConfigException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The root of the command line. Other modules add verbs of their own to {@link #commandLine()}. */
@Command(
        name = "lull",
        mixinStandardHelpOptions = true,
        version = "lull 0.1.0",
        description = "Keeps a running copy of a virtual machine on a second host.",
        subcommands = {
            PrimaryCommand.class,
            BackupCommand.class,
            StatusCommand.class,
            ExporterCommand.class,
            SwitchoverCommand.class,
            TakeoverCommand.class,
            RecordCommand.class,
            TopicsCommand.class,
            FenceCommand.class,
            IntentCommand.class,
            ExplainCommand.class,
            ReferenceCommand.class,
            CertsCommand.class,
            CommandLine.HelpCommand.class
        })
public final class LullCommand {
    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;

    /** The command line with the worker's verbs; failures are one line on standard error. */
    public static CommandLine commandLine() {
        return new CommandLine(new LullCommand()).setExecutionExceptionHandler((failure, line, parsed) -> {
            if (failure instanceof ConfigException) {
                line.getErr().println("lull: " + failure.getMessage());
                return WRONG_USAGE;
            }
            if (failure instanceof IOException ioFailure) {
                line.getErr().println("lull: " + inOneLine(ioFailure));
                return FAILED;
            }
            throw failure;
        });
    }

    /** What went wrong, for a person; for the failures that are no bugs. */
    static String inOneLine(Exception failure) {
        String message = String.valueOf(failure.getMessage()).replace('\n', ' ');
        if (failure instanceof FileSystemException file && file.getReason() == null) {
            // Java's message is the bare path.
            String what = failure instanceof NoSuchFileException
                    ? "no such file or folder"
                    : failure instanceof AccessDeniedException
                            ? "access denied"
                            : failure.getClass().getSimpleName();
            return what + ": " + message;
        }
        return message;
    }

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }
}
