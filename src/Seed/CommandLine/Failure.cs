using System.Data.Common;
using System.Runtime.InteropServices;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Inputs;
using LPZero.Messages.Control;
using LPZero.Messages.Proxies;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LPZero.Seed.CommandLine;

/// <summary>The command line asks for something that cannot be meant; the message says what and how to mend it.</summary>
public sealed class UsageException(string message) : Exception(message);

/// <summary>The program's exit codes.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Failed.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage.</summary>
    public const int Usage = 2;

    /// <summary>Interrupted; a run was paused and can be resumed.</summary>
    public const int Interrupted = 130;

    // SQLite's and the system's words for a full disk, and SQLite's for a file that it may only read.
    private const int FullDatabase = 13, FullDisk = 28, ReadOnlyDatabase = 8;

    /// <summary>What to say of a failure that has a code.</summary>
    public static string Message(Exception failure) => failure switch
    {
        SqliteException { SqliteErrorCode: FullDatabase } =>
            "the disk of the database is full: make room, then go on with search resume, or repeat the command",
        SqliteException { SqliteErrorCode: ReadOnlyDatabase } =>
            "the database can be read but not written to: copy it to where it can, or give another file with --db",
        IOException { HResult: FullDisk } => $"{failure.Message}: make room, then go on with search resume, or repeat the command",
        _ when IsOutOfMemory(failure) =>
            "the machine has no memory left: free some, or give less with --memory or fewer --threads; then go on with search resume, " +
                "or repeat the command",
        SqliteException => $"the database cannot be used ({failure.Message}): put a copy of it back, or give another file with --db",
        NpgsqlException => $"the database failed ({failure.Message})",
        AggregateException { InnerException: { } inner } => Message(inner),
        _ => failure.Message,
    };

    /// <summary>The code for a failure that is explained in one line, or null for one that is a fault of the program.</summary>
    public static int? Of(Exception failure) => failure switch
    {
        UsageException or ProxySyntaxException or AddressException or DatabaseLocationException
            or BenchmarkException { IsUsage: true } => Usage,
        BenchmarkException or StorageException or NodeEndedException or NpgsqlException or SearchServiceException or BatchTooLargeException
            or TorchUnavailableException or SqliteException or DllNotFoundException or IOException or InvalidDataException
            or UnauthorizedAccessException => Failed,
        _ when IsOutOfMemory(failure) => Failed,
        OperationCanceledException => Interrupted,
        AggregateException { InnerExceptions.Count: 1 } only => Of(only.InnerExceptions[0]),
        _ => null,
    };

    // libtorch's words come in the exception that TorchSharp has for everything: "can't allocate memory" on the CPU,
    // "Tried to allocate" on CUDA.
    private static bool IsOutOfMemory(Exception failure) =>
        failure is OutOfMemoryException || (failure is ExternalException && failure is not DbException
            && (failure.Message.Contains("allocate", StringComparison.Ordinal)
                || failure.Message.Contains("std::bad_alloc", StringComparison.Ordinal)));
}
