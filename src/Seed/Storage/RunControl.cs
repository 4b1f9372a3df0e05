using System.Diagnostics;
using System.Globalization;
using Dapper;

namespace LPZero.Seed.Storage;

/// <summary>What one process asks of a run that another process owns.</summary>
public enum RunCommand
{
    /// <summary>Pause.</summary>
    Pause,

    /// <summary>Stop for good.</summary>
    Stop,
}

/// <summary>
/// Leases, so that no run has two owners, and the command table, through which any process reaches the owner. A lease
/// names a process; it is void as soon as that process is gone, so that a killed run can be resumed at once.
/// </summary>
/// <param name="database">Where both are stored.</param>
public sealed class RunControl(Database database)
{
    /// <summary>Takes the run for this process; dispose to give it back.</summary>
    /// <exception cref="StorageException">Another live process owns it.</exception>
    public IDisposable Acquire(string run)
    {
        using var connection = database.Open();
        using var transaction = connection.BeginTransaction();
        if (Owner(connection, transaction, run) is { } owner)
        {
            throw new StorageException($"run '{run}' is being worked on by process {owner.Process} on {owner.Host}: watch it with {database.Hint($"watch {run}")}");
        }

        using var self = Process.GetCurrentProcess();
        connection.Execute(
            "insert into leases (run, host, process, process_started) values (@run, @host, @process, @started)",
            new { run, host = Environment.MachineName, process = self.Id, started = StartTime(self) }, transaction);
        connection.Execute("delete from commands where run = @run", new { run }, transaction);
        transaction.Commit();
        return new Lease(database, run);
    }

    /// <summary>Whether a live process owns the run.</summary>
    public bool IsOwned(string run)
    {
        using var connection = database.Open();
        return LeaseOf(connection, transaction: null, run) is { } lease && lease.IsAlive();
    }

    /// <summary>Asks the owner of the run.</summary>
    public void Send(string run, RunCommand command)
    {
        using var connection = database.Open();
        connection.Execute("insert into commands (run, command) values (@run, @command)", new { run, command = command.ToString() });
    }

    /// <summary>Takes the commands sent to the run since the last call, oldest first.</summary>
    public IReadOnlyList<RunCommand> Receive(string run)
    {
        using var connection = database.Open();
        if (!connection.ExecuteScalar<bool>("select exists (select 1 from commands where run = @run)", new { run }))
        {
            return []; // without a write lock, as this is asked several times a second
        }

        return
        [
            .. connection.Query<(long Id, string Command)>("delete from commands where run = @run returning id, command", new { run })
                .OrderBy(row => row.Id).Select(row => Enum.Parse<RunCommand>(row.Command)),
        ];
    }

    /// <summary>The live owner; a lease of a process that is gone is removed.</summary>
    private static LeaseRow? Owner(System.Data.IDbConnection connection, System.Data.IDbTransaction transaction, string run)
    {
        var lease = LeaseOf(connection, transaction, run);
        if (lease is null || lease.IsAlive())
        {
            return lease;
        }

        connection.Execute("delete from leases where run = @run", new { run }, transaction);
        return null;
    }

    private static LeaseRow? LeaseOf(System.Data.IDbConnection connection, System.Data.IDbTransaction? transaction, string run) =>
        connection.QuerySingleOrDefault<LeaseRow>("select host, process, process_started from leases where run = @run", new { run }, transaction);

    private static string StartTime(Process process) =>
        process.StartTime.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);

    private sealed record LeaseRow(string Host, long Process, string Process_started)
    {
        public bool IsAlive()
        {
            if (Host != Environment.MachineName)
            {
                return true; // another machine's processes cannot be seen from here
            }

            try
            {
                using var process = System.Diagnostics.Process.GetProcessById((int)Process);
                return !process.HasExited && StartTime(process) == Process_started;
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }

    private sealed class Lease(Database database, string run) : IDisposable
    {
        public void Dispose()
        {
            using var connection = database.Open();
            connection.Execute("delete from leases where run = @run and host = @host and process = @process",
                new { run, host = Environment.MachineName, process = Environment.ProcessId });
        }
    }
}
