using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace LPZero.Seed.CommandLine;

/// <summary>A process of this program that outlives the terminal.</summary>
internal static class Background
{
    /// <summary>Leaves a run to a process in the background, which writes to <c>log.txt</c> in the run's folder.</summary>
    public static int Resume(LocalRuns runs, ParseResult parsed, string run, string folder)
    {
        string[] options =
        [
            .. SearchVerbs.Devices.Given(parsed),
            .. parsed.GetValue(SearchVerbs.TimeLimit) is { } limit ? ["--time-limit", Text(limit)] : Array.Empty<string>(),
        ];
        Directory.CreateDirectory(folder);
        var log = Path.GetFullPath(Path.Combine(folder, "log.txt"));
        // A session of its own, so that closing the terminal or Ctrl-C in it does not reach the run.
        var start = new ProcessStartInfo("setsid") { RedirectStandardInput = true, UseShellExecute = false };
        string[] arguments = ["--fork", "sh", "-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "lpzero", log,
            .. ProgramItself(), "search", "resume", run, .. options];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // Not an argument, as it may hold a password.
        start.Environment["LPZERO_DB"] = parsed.GetValue(SearchVerbs.Database)!;
        using var process = Process.Start(start) ?? throw new IOException("the background process could not be started");
        process.StandardInput.Close();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new IOException(
                $"the background process could not be started (exit code {process.ExitCode.ToString(CultureInfo.InvariantCulture)})");
        }

        if (parsed.GetValue(SearchVerbs.Json))
        {
            CommonOptions.PrintJson(new { run, detached = true, log });
        }
        else
        {
            Console.WriteLine($"run '{run}' goes on in the background; follow it with: {runs.Place.Hint($"watch {run}")}");
        }

        return ExitCode.Done;
    }

    /// <summary>What starts this program: its own executable, or the runtime with its assembly.</summary>
    private static string[] ProgramItself()
    {
        var process = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(process) == "dotnet"
            ? [process, Path.Combine(AppContext.BaseDirectory, "lpzero.dll")]
            : [process];
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
