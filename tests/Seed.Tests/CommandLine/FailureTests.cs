using LPZero.Seed.CommandLine;
using LPZero.Seed.Tests.Benchmarks;
using Microsoft.Data.Sqlite;
using TorchSharp;

namespace LPZero.Seed.Tests.CommandLine;

public sealed class FailureTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_machine_without_memory_left_gets_one_line_with_the_mend()
    {
        // More than an address space has: libtorch's allocator refuses it on any machine.
        var native = Assert.ThrowsAny<Exception>(() => torch.empty(1L << 55, torch.ScalarType.Byte));
        foreach (var failure in new[] { native, new InsufficientMemoryException(), new AggregateException(native) })
        {
            Assert.Equal(ExitCode.Failed, ExitCode.Of(failure));
            Assert.Contains("--memory", ExitCode.Message(failure), StringComparison.Ordinal);
        }

        using var four = torch.zeros(4);
        Assert.Null(ExitCode.Of(Assert.ThrowsAny<Exception>(() => four.reshape(3))));
    }

    [Fact]
    public void A_full_disk_asks_for_room_whoever_meets_it()
    {
        using var connection = new SqliteConnection($"Data Source={folder.File("full.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "pragma max_page_count = 2; create table t (x)";
        command.ExecuteNonQuery();
        command.CommandText = "insert into t values (zeroblob(100000))";
        Assert.Contains(
            "make room", ExitCode.Message(Assert.Throws<SqliteException>(() => command.ExecuteNonQuery())), StringComparison.Ordinal);

        var full = Assert.Throws<IOException>(() =>
        {
            using var device = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);
            device.Write([1]);
        });
        Assert.Contains("make room", ExitCode.Message(full), StringComparison.Ordinal);
    }
}
