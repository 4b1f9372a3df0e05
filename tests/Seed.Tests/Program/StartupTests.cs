using System.Diagnostics;
using System.Text.Json.Nodes;
using LPZero.GpuNode.Devices;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.Tests.Benchmarks;

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
        var configuration = Path.Combine(folder, "lpzero.runtimeconfig.json");
        var options = JsonNode.Parse(await File.ReadAllTextAsync(configuration))!;
        options["runtimeOptions"]!["configProperties"]!["LPZero.LibTorch"] = Path.Combine(folder, "gone");
        await File.WriteAllTextAsync(configuration, options.ToJsonString());
        var error = await RefusalAsync(Path.Combine(folder, "lpzero.dll"));
        Assert.StartsWith("lpzero: libtorch cannot be loaded: libtorch.so: it is neither in ", error, StringComparison.Ordinal);
        Assert.Contains("./lpzero setup", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_libtorch_of_another_version_is_refused_with_the_mend()
    {
        var libraries = Directory.CreateDirectory(Path.Combine(folder, "torch", "lib")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "torch", "version.py"), "__version__ = '1.13.1'\n");
        var error = await RefusalAsync(Path.Combine(AppContext.BaseDirectory, "lpzero.dll"), (LibTorch.FolderVariable, libraries));
        Assert.Equal(
            $"lpzero: LPZERO_LIBTORCH={libraries}: it is libtorch 1.13.1, and 2.10 is needed: " +
            "name the torch/lib of a PyTorch 2.10 (pip install 'torch==2.10.*'), "
            + "or set LPZERO_LIBTORCH_ANY=1 to try it all the same",
            error);
    }

    [Fact]
    public async Task A_library_that_does_not_load_is_named_with_the_loaders_own_words()
    {
        var libraries = Directory.CreateDirectory(Path.Combine(folder, "torch", "lib")).FullName;
        await File.WriteAllTextAsync(Path.Combine(libraries, "libc10.so"), "not a library");
        var error = await RefusalAsync(
            Path.Combine(AppContext.BaseDirectory, "lpzero.dll"), (LibTorch.FolderVariable, libraries), (LibTorch.AnyVersionVariable, "1"));
        Assert.Matches(@"^lpzero: libtorch cannot be loaded: .*/libc10\.so: file too short: " +
            @"name the torch/lib of a PyTorch in LPZERO_LIBTORCH, or unset it$", error);
    }

    [Fact]
    public async Task A_benchmark_is_trained_by_the_program_itself_and_not_trained_over()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "space.json"), TinySpace.Create().ToJsonString());
        string[] train = ["benchmark", "train", "--space", "space.json", "--out", "trained.json", "--threads", "1"];
        var trained = await Lpzero.DoneAsync(folder, train);
        Assert.Equal(8, BenchmarkFile.Read(Path.Combine(folder, "trained.json")).Benchmark.Architectures.Length);

        var many = await Lpzero.RunAsync(folder, [.. train[..^1], "99999999"]);
        Assert.Equal(2, many.ExitCode);
        Assert.StartsWith("lpzero: --threads 99999999: give a number from 1 to 1024", many.Error, StringComparison.Ordinal);
        var again = await Lpzero.RunAsync(folder, train);
        Assert.Equal(1, again.ExitCode);
        Assert.StartsWith("lpzero: trained.json is there already", again.Error, StringComparison.Ordinal);
        Assert.Single(again.Error.Trim().Split('\n'));
    }

    // What the program says, in one line, where it must compute and cannot; it says nothing else.
    private async Task<string> RefusalAsync(string program, params (string Name, string Value)[] variables)
    {
        new BenchmarkFile(SmallBenchmark.Create()).Write(Path.Combine(folder, "small.json"));
        var start = new ProcessStartInfo("dotnet", [program, "proxy", "score", "square(A)", "--benchmark", "small.json", "--batch", "2x8"])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = (await process.StandardError.ReadToEndAsync()).Trim();
        await process.WaitForExitAsync();
        Assert.Equal(1, process.ExitCode);
        Assert.Empty(await output);
        return Assert.Single(error.Split('\n'));
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
