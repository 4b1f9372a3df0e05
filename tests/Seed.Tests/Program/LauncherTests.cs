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

    [Fact]
    public async Task A_link_to_the_launcher_starts_the_program_that_the_launcher_is_of()
    {
        var folder = Directory.CreateTempSubdirectory("lpzero-launcher-").FullName;
        try
        {
            var program = Directory.CreateDirectory(Path.Combine(folder, "program")).FullName;
            File.Copy(Path.Combine(Repository.Root!, "lpzero"), Path.Combine(program, "lpzero"));
            // Stands for the SDK: builds nothing, and says what it is to run.
            var sdk = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName, "dotnet");
            await File.WriteAllTextAsync(sdk, "#!/bin/sh\n[ \"$1\" = --version ] && echo 10.0.100 || echo \"$@\"\n");
            File.SetUnixFileMode(sdk, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            var link = Path.Combine(folder, "bin", "link");
            File.CreateSymbolicLink(link, Path.Combine(program, "lpzero"));

            var start = new ProcessStartInfo("bash", [link, "--version"])
            {
                RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            };
            start.Environment["PATH"] = $"{Path.Combine(folder, "bin")}:{Environment.GetEnvironmentVariable("PATH")}";
            using var bash = Process.Start(start)!;
            Assert.StartsWith(
                $"{program}/src/Seed/bin/", await bash.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
            await bash.WaitForExitAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
