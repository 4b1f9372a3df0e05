using System.Diagnostics;
using System.Globalization;

namespace LPZero.Seed.CommandLine;

/// <summary>Says what memory a command took at most; on standard error, so that JSON stays JSON.</summary>
internal static class PeakMemory
{
    /// <summary>Prints the line.</summary>
    /// <param name="work">What the command was allowed.</param>
    public static void Report(RunOptions work)
    {
        using var process = Process.GetCurrentProcess();
        // On CUDA the budget is of other memory.
        var bound = work.IsOnCpu ? string.Create(CultureInfo.InvariantCulture, $"; --memory allows {work.MemoryBudget / 1e9:F1} GB") : "";
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"peak memory of this process: {process.PeakWorkingSet64 / 1e9:F1} GB{bound}"));
    }
}
