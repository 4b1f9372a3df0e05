using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Spectre.Console;
using TheProgram = LPZero.Seed.CommandLine.Program;

namespace LPZero.Seed.Tests.Program;

/// <summary>What the program printed, and its exit code.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Error);

/// <summary>
/// Runs the program as a user does: in a process of its own where that is what a test is about, else in the tests' process, where it
/// is compiled already.
/// </summary>
internal static class Lpzero
{
    // The working folder is the whole process's.
    private static readonly SemaphoreSlim Turn = new(initialCount: 1);

    static Lpzero()
    {
        Console.SetOut(new CapturedStream(Console.Out, error: false));
        Console.SetError(new CapturedStream(Console.Error, error: true));
        AnsiConsole.Profile.Width = TheProgram.WidthOfFiles;
    }

    /// <summary>Runs to the end, in this process.</summary>
    public static async Task<ProgramResult> RunAsync(string workingDirectory, params string[] arguments)
    {
        await Turn.WaitAsync();
        var before = Directory.GetCurrentDirectory();
        try
        {
            Directory.SetCurrentDirectory(workingDirectory);
            var printed = CapturedStream.Begin();
            var code = await TheProgram.RunAsync(arguments, CancellationToken.None);
            return new ProgramResult(code, printed.Output.ToString(), printed.Error.ToString());
        }
        finally
        {
            // As at the end of a process.
            SqliteConnection.ClearAllPools();
            Directory.SetCurrentDirectory(before);
            Turn.Release();
        }
    }

    /// <summary>Runs in this process to an end with exit code 0; else the test fails with what the program said.</summary>
    public static async Task<ProgramResult> DoneAsync(string workingDirectory, params string[] arguments)
    {
        var result = await RunAsync(workingDirectory, arguments);
        Assert.True(result.ExitCode == 0, result.Error);
        return result;
    }

    /// <summary>Runs to the end, in a process of its own.</summary>
    public static async Task<ProgramResult> RunProcessAsync(string workingDirectory, params string[] arguments)
    {
        using var process = Start(workingDirectory, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ProgramResult(process.ExitCode, await output, await error);
    }

    /// <summary>Starts a process and returns at once.</summary>
    public static Process Start(string workingDirectory, params string[] arguments) => Start([], workingDirectory, arguments);

    /// <summary>Starts a process with more options of <c>env</c> and returns at once.</summary>
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
