using System.Diagnostics;

namespace LPZero.Seed.Tests.Program;

public sealed class LauncherTests
{
    [Fact]
    public async Task The_launcher_lists_each_failed_test_with_the_first_lines_of_its_message()
    {
        const string Log = """
              Passed A.B.Good [1 ms]
            [xUnit.net 00:00:04.24]     A.B.Bad [FAIL]
              Failed A.B.Bad(name: "x") [75 ms]
              Error Message:
               Assert.Equal() Failure: Values differ
            Expected: 1
            Actual:   2
            third
            fourth
            fifth
              Stack Trace:
                 at A.B.Bad()
            The active test run was aborted. Reason: Test host process crashed

            """;
        var script = await File.ReadAllTextAsync(Path.Combine(Repository.Root!, "lpzero"));
        var start = script.IndexOf("list_failed() {", StringComparison.Ordinal);
        var function = script[start..(script.IndexOf("\n}\n", start, StringComparison.Ordinal) + 3)];
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", function + "list_failed"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        await bash.StandardInput.WriteAsync(Log);
        bash.StandardInput.Close();
        Assert.Equal(
            """
              Failed A.B.Bad(name: "x") [75 ms]
                   Assert.Equal() Failure: Values differ
                Expected: 1
                Actual:   2
                third
              The active test run was aborted. Reason: Test host process crashed

            """,
            await bash.StandardOutput.ReadToEndAsync());
        await bash.WaitForExitAsync();
    }
}
