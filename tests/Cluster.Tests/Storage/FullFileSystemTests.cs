using System.Diagnostics;
using LPZero.Cluster.Tests.Devices;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;
using Microsoft.Data.Sqlite;

namespace LPZero.Cluster.Tests.Storage;

/// <summary>A run whose database is on a file system that fills up, and that has room again.</summary>
public sealed class FullFileSystemTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly SearchConfiguration Configuration = Synthetic.Configuration with { UnaryOperations = 1, Iterations = 10 };

    [SmallFileSystemFact]
    public async Task A_run_says_that_the_disk_is_full_and_goes_on_by_itself_when_it_is_not()
    {
        var request = new StartRequest("full", Configuration, Synthetic.Benchmark);
        await using var small = new SmallFileSystem();
        await using (var database = new Database(Path.Combine(small.Folder, "lpzero.db")))
        {
            await database.CreateTablesAsync();
            var devices = new FakeDevices(held: true);
            await using var engine = await LocalEngine.StartAsync(database, devices, request.Name);
            await engine.Service.StartAsync(request, default);
            await devices.BegunAsync();
            small.Fill();
            devices.Release(1_000_000);

            var waiting = await LocalRun.UntilAsync(
                engine.Service, request.Name, status => (status.Activity + status.Problem).Contains("full", StringComparison.Ordinal));

            Assert.Equal("running", waiting.State);
            small.MakeRoom();
            await LocalRun.EndAsync(engine.Service, request.Name);
            Assert.Equal(
                (await LocalRun.ToEndAsync(Path.Combine(small.Elsewhere, "other.db"), request, new FakeDevices())).Events,
                await engine.Service.EventsAsync(request.Name, default));
        }

        SqliteConnection.ClearAllPools();
    }

    /// <summary>A file system of a few megabytes.</summary>
    private sealed class SmallFileSystem : IAsyncDisposable
    {
        public SmallFileSystem() => Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", Folder));

        public string Folder { get; } = Directory.CreateTempSubdirectory("lpzero-small-").FullName;

        public string Elsewhere { get; } = Directory.CreateTempSubdirectory("lpzero-large-").FullName;

        private string Filling => Path.Combine(Folder, "filling");

        public void Fill()
        {
            using var file = new FileStream(Filling, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            try
            {
                while (true)
                {
                    file.Write(new byte[4096]);
                }
            }
            catch (IOException)
            {
                // That is the end of it.
            }
        }

        public void MakeRoom() => File.Delete(Filling);

        public ValueTask DisposeAsync()
        {
            SqliteConnection.ClearAllPools();
            Run("umount", "-l", Folder);
            Directory.Delete(Folder);
            Directory.Delete(Elsewhere, recursive: true);
            return default;
        }

        public static int Run(string command, params string[] arguments)
        {
            try
            {
                using var process = Process.Start(
                    new ProcessStartInfo(command, arguments)
                    {
                        RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false,
                    })!;
                if (!process.WaitForExit(Patience))
                {
                    process.Kill();
                    throw new TimeoutException($"{command} {string.Join(' ', arguments)} does not end");
                }

                return process.ExitCode;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return -1; // there is no such command
            }
        }
    }

    /// <summary>A test that mounts a file system, which not everybody may.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class SmallFileSystemFactAttribute : FactAttribute
    {
        public SmallFileSystemFactAttribute()
        {
            var folder = Directory.CreateTempSubdirectory("lpzero-mount-").FullName;
            var mayMount = SmallFileSystem.Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder) == 0;
            if (mayMount)
            {
                SmallFileSystem.Run("umount", folder);
            }
            else
            {
                Skip = "whoever runs the tests may mount no file system here";
            }

            Directory.Delete(folder);
        }
    }
}
