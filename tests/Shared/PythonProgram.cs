using System.Diagnostics;

namespace LPZero.Tests;

/// <summary>A program of the Python client's folder.</summary>
internal static class PythonProgram
{
    /// <summary>Runs <c>python -m</c> to its end, which must be a good one.</summary>
    /// <returns>What it wrote to its error output.</returns>
    public static async Task<string> RunAsync(string module, params string[] arguments)
    {
        var start = new ProcessStartInfo(PythonFactAttribute.Python, ["-B", "-m", module, .. arguments])
        {
            WorkingDirectory = Path.Combine(Repository.Root!, "clients", "python"),
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, errors);
        return errors;
    }
}
