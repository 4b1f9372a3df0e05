using System.Diagnostics;

namespace LPZero.Cluster.Tests.Deploy;

/// <summary>deploy/lpzero-node.service, as systemd's own program judges it.</summary>
public sealed class SystemdUnitTests : IDisposable
{
    // systemd calls up to 2.0 (of 10) "OK"; in tenths.
    private const string LargestExposure = "--threshold=20";

    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-systemd-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [SystemdFact]
    public async Task The_unit_is_one_that_systemd_understands()
    {
        // Of the program it is only asked whether it is there.
        var unit = Path.Combine(folder, "lpzero-node.service");
        var text = await File.ReadAllTextAsync(Unit);
        await File.WriteAllTextAsync(unit, text.Replace("/opt/lpzero/lpzero", "/bin/true", StringComparison.Ordinal));
        var (code, output) = await AnalyzeAsync("verify", unit);
        Assert.Equal((0, ""), (code, output));
        // A word that it does not know is what it complains of.
        await File.AppendAllTextAsync(unit, "[Service]\nProtectHomes=true\n");
        Assert.Contains("ProtectHomes", (await AnalyzeAsync("verify", unit)).Output, StringComparison.Ordinal);
    }

    [SystemdFact]
    public async Task The_unit_is_little_exposed()
    {
        var (code, output) = await AnalyzeAsync("security", "--offline=true", LargestExposure, Unit);
        Assert.True(code == 0, output);
    }

    private static string Unit => Path.Combine(Repository.Root!, "deploy", "lpzero-node.service");

    private static async Task<(int Code, string Output)> AnalyzeAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(SystemdFactAttribute.Program, ["--no-pager", .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }
}

/// <summary>A test that needs systemd's own checks.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SystemdFactAttribute : FactAttribute
{
    /// <summary>The program.</summary>
    public const string Program = "/usr/bin/systemd-analyze";

    public SystemdFactAttribute() => Skip = File.Exists(Program) ? null : "systemd-analyze is not here (Debian: apt install systemd)";
}
