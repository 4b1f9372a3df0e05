using System.Text.Json;
using LPZero.Seed.Tests.Benchmarks;
using LPZero.Seed.Tests.Program;

namespace LPZero.Seed.Tests.Doctor;

public sealed class DoctorCommandTests
{
    [Fact]
    public async Task A_machine_without_anything_of_the_program_and_without_a_GPU_is_in_order()
    {
        using var folder = new TemporaryFolder();
        var database = folder.File("lpzero.db");

        var text = await Lpzero.RunAsync(folder.Path, "doctor", "--db", database);
        var json = await Lpzero.RunAsync(folder.Path, "doctor", "--db", database, "--json");

        Assert.Equal((0, 0, "", ""), (text.ExitCode, json.ExitCode, text.Error, json.Error));
        var checks = JsonDocument.Parse(json.Output).RootElement.GetProperty("checks").EnumerateArray().ToList();
        Assert.Equal(
            ["runtime", "sdk", "libtorch", "driver", "threads", "memory", "disk", "database", "clock", "ports"],
            checks.Select(check => check.GetProperty("name").GetString()));
        Assert.All(checks, check =>
        {
            Assert.True(check.GetProperty("ok").GetBoolean(), check.ToString());
            Assert.NotEmpty(check.GetProperty("detail").GetString()!);
            Assert.False(check.TryGetProperty("mend", out _));
        });
        Assert.Equal(checks.Count, text.Output.Split('\n').Count(line => line.StartsWith("ok  ", StringComparison.Ordinal)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task What_is_not_in_order_is_printed_with_its_mend_and_ends_the_command_with_1()
    {
        using var folder = new TemporaryFolder();
        var printed = await Lpzero.RunAsync(folder.Path, "doctor", "--db", folder.Write("lpzero.db", "no database"));

        Assert.Equal(1, printed.ExitCode);
        Assert.Matches("(?m)^BAD  ?database: .*: give another file with --db", printed.Output);
    }

    [Fact]
    public async Task A_database_that_cannot_be_meant_is_wrong_usage()
    {
        using var folder = new TemporaryFolder();
        var printed = await Lpzero.RunAsync(folder.Path, "doctor", "--db", "mysql://host");

        Assert.Equal(2, printed.ExitCode);
        Assert.Contains("no database that nodes can share", printed.Error, StringComparison.Ordinal);
    }
}
