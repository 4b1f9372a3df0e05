using System.Diagnostics;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.Tests.Program;

public sealed class StartupTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-startup-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Without_its_native_libraries_the_program_says_how_to_mend_it()
    {
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(file => Path.GetExtension(file) is ".dll" or ".json"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        CopySqlite();
        new BenchmarkFile(SmallBenchmark.Create()).Write(Path.Combine(folder, "small.json"));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, "lpzero.dll"), "proxy", "score", "square(A)", "--benchmark", "small.json", "--batch", "2x8"])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync(); // TorchSharp says at length where it looked
        var error = (await process.StandardError.ReadToEndAsync()).Trim();
        await process.WaitForExitAsync();
        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith("lpzero: libtorch cannot be loaded: ", error, StringComparison.Ordinal);
        Assert.Contains("./lpzero setup", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n'));
    }

    /// <summary>The database's own library is not what is missing.</summary>
    private void CopySqlite()
    {
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*e_sqlite3*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(AppContext.BaseDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }
}
