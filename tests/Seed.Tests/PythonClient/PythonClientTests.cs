using System.Diagnostics;
using LPZero.Seed.Tests.Export;

namespace LPZero.Seed.Tests.PythonClient;

public class PythonClientTests
{
    [PythonFact]
    public async Task The_client_passes_its_own_tests()
    {
        var start = new ProcessStartInfo(PythonFactAttribute.Python, ["-B", "-m", "unittest", "discover", "-t", ".", "-s", "tests"])
        {
            WorkingDirectory = Path.Combine(Repository.Root!, "clients", "python"),
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        var report = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == 0, report);
        Assert.Contains("OK", report, StringComparison.Ordinal);
    }
}
