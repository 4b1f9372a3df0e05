using System.Diagnostics;

namespace LPZero.Seed.Tests.Program;

/// <summary>What a process of the program printed, and its exit code.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Error);

/// <summary>Runs the program as a user does, in a process of its own.</summary>
internal static class Lpzero
{
    /// <summary>Runs to the end.</summary>
    public static async Task<ProgramResult> RunAsync(string workingDirectory, params string[] arguments)
    {
        using var process = Start(workingDirectory, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ProgramResult(process.ExitCode, await output, await error);
    }

    /// <summary>Starts and returns at once.</summary>
    public static Process Start(string workingDirectory, params string[] arguments) => Start([], workingDirectory, arguments);

    /// <summary>Starts with more options of <c>env</c> and returns at once.</summary>
    public static Process Start(string[] environment, string workingDirectory, params string[] arguments)
    {
        // A shell's background job ignores Ctrl-C, and so would its children: a user's program does not.
        var start = new ProcessStartInfo("env",
            ["--default-signal=INT,HUP", .. environment, "dotnet", Path.Combine(AppContext.BaseDirectory, "lpzero.dll"), .. arguments])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        return Process.Start(start) ?? throw new InvalidOperationException("the program does not start");
    }
}
