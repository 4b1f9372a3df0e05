namespace LPZero.GpuNode.Devices;

/// <summary>
/// The libtorch of this process. <see cref="Load"/> comes before any type of TorchSharp is touched: TorchSharp then finds the libraries
/// by their names, as they are loaded already. Left to itself it prints forty lines where one is missing, or copies half a gigabyte.
/// </summary>
/// <param name="Version">Its version, such as <c>2.10.0</c>, with a local part (<c>+cu128</c>) where it has one.</param>
/// <param name="Folder">Where it was loaded from.</param>
/// <param name="Source">The package, or the variable that named the folder.</param>
/// <param name="Patched">Whether TorchSharp's library is a copy with a weakened version need (see <see cref="WeakenedLibrary"/>).</param>
public sealed record LibTorch(string Version, string Folder, string Source, bool Patched)
{
    /// <summary>Names a folder with another libtorch: the <c>torch/lib</c> of a PyTorch.</summary>
    public const string FolderVariable = "LPZERO_LIBTORCH";

    /// <summary>Set to 1, it accepts a libtorch of another version.</summary>
    public const string AnyVersionVariable = "LPZERO_LIBTORCH_ANY";

    /// <summary>The minor version that TorchSharp is made for; no other one is compatible.</summary>
    public const string NeededVersion = "2.10";

    // The build writes it into the program's runtimeconfig.json, where libtorch is loaded from the package's own folder.
    private const string FolderOption = "LPZero.LibTorch";
    private const string PackageVersion = "2.10.0";
    private const string TorchSharpLibrary = "libLibTorchSharp.so";

    // libtorch's own: large tensors in pages of 2 MB, where the system gives them. They come and go with each pass, and the system clears
    // them page by page.
    private const string HugePages = "THP_MEM_ALLOC_ENABLE";

    private const string MissingVersion = "GLIBCXX_3.4.32";

    // Each needs those before it. The libraries for CUDA are absent from a libtorch for the CPU.
    private static readonly (string File, bool Needed)[] Libraries =
    [
        ("libtorch_global_deps.so", false), ("libc10.so", true), ("libtorch_cpu.so", true),
        ("libc10_cuda.so", false), ("libtorch_cuda.so", false), ("libtorch.so", true),
    ];

    private static readonly Lazy<LibTorch> Loaded = new(Find);

    /// <summary>Loads libtorch and TorchSharp's library; the first call does it, for the whole process.</summary>
    /// <returns>What was loaded.</returns>
    /// <exception cref="TorchUnavailableException">One line: the file, the loader's own words and the mend.</exception>
    public static LibTorch Load() => Loaded.Value;

    /// <summary>The version of the libtorch in a PyTorch's <c>torch/lib</c>, from the file <c>version.py</c> beside that folder.</summary>
    /// <returns>Null where there is no such file, or no version in it.</returns>
    internal static string? VersionOf(string folder)
    {
        var file = Path.Combine(folder, "..", "version.py");
        // __version__ = '2.10.0+cu128'
        var line = File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(text => text.StartsWith("__version__", StringComparison.Ordinal))
            : null;
        return line?.Split('\'', '"') is [_, var version, ..] ? version : null;
    }

    /// <summary>Refuses a libtorch that TorchSharp was not made for, unless any is accepted.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="version">Its version, if it is known.</param>
    /// <param name="anyVersion">Whether any version is accepted.</param>
    /// <exception cref="TorchUnavailableException">It has another version, or none that is known.</exception>
    internal static void CheckVersion(string folder, string? version, bool anyVersion)
    {
        if (!anyVersion && version?.StartsWith(NeededVersion + ".", StringComparison.Ordinal) != true)
        {
            throw new TorchUnavailableException(
                $"{FolderVariable}={folder}: " +
                $"{(version is null ? "its version is unknown (no ../version.py)" : $"it is libtorch {version}")}, " +
                $"and {NeededVersion} is needed: name the torch/lib of a PyTorch {NeededVersion} " +
                $"(pip install 'torch=={NeededVersion}.*'), or set {AnyVersionVariable}=1 to try it all the same");
        }
    }

    private static LibTorch Find()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new TorchUnavailableException("libtorch cannot be loaded: the program runs on Linux (x64)");
        }

        DynamicLoader.SetVariable(HugePages, "1");

        var named = Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } text ? Path.GetFullPath(text) : null;
        if (named is not null)
        {
            var version = VersionOf(named);
            CheckVersion(named, version, Environment.GetEnvironmentVariable(AnyVersionVariable) == "1");
            return new LibTorch(version ?? "unknown", named, FolderVariable,
                LoadFrom(named, $"name the torch/lib of a PyTorch in {FolderVariable}, or unset it"));
        }

        // A publish has the libraries beside the program, a build for CUDA below it, and one for the CPU in NuGet's folder.
        var folders = new[] { AppContext.GetData(FolderOption) as string, AppContext.BaseDirectory, PackageFolder }
            .OfType<string>().Where(folder => File.Exists(Path.Combine(folder, Libraries[^1].File))).ToList();
        if (folders.Count == 0)
        {
            throw Refusal(
                Libraries[^1].File,
                $"it is neither in {AppContext.GetData(FolderOption) ?? PackageFolder} nor in {AppContext.BaseDirectory}",
                "run ./lpzero setup, or start the program from the folder that ./lpzero publish makes");
        }

        return new LibTorch(PackageVersion, folders[0], "TorchSharp's package", LoadFrom(folders[0], "run ./lpzero setup"));
    }

    private static string PackageFolder => Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");

    // Whether a weakened copy of TorchSharp's library was needed.
    private static bool LoadFrom(string folder, string mend)
    {
        foreach (var (name, needed) in Libraries)
        {
            var file = Path.Combine(folder, name);
            if ((needed || File.Exists(file)) && DynamicLoader.Open(file) is { } reason)
            {
                throw Refusal(file, reason, reason.Contains("libgomp", StringComparison.Ordinal) ? "apt install libgomp1" : mend);
            }
        }

        var torchSharp = new[] { AppContext.BaseDirectory, PackageFolder }
            .Select(place => Path.Combine(place, TorchSharpLibrary)).FirstOrDefault(File.Exists)
            ?? throw Refusal(TorchSharpLibrary, "it is not beside the program", "run ./lpzero setup");
        if (DynamicLoader.Open(torchSharp) is not { } problem)
        {
            return false;
        }

        if (!problem.Contains(MissingVersion, StringComparison.Ordinal))
        {
            throw Refusal(torchSharp, problem, $"take a libtorch {NeededVersion}");
        }

        const string NewerLibrary = "install a libstdc++ of GCC 13 or newer (Debian 13, Ubuntu 24.04)";
        try
        {
            var copy = WeakenedLibrary.Cached(torchSharp, MissingVersion);
            return DynamicLoader.Open(copy) is { } again ? throw Refusal(copy, again, NewerLibrary) : true;
        }
        catch (Exception refused) when (refused is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw Refusal(torchSharp, $"{problem}; no copy without that need could be made: {refused.Message}", NewerLibrary);
        }
    }

    private static TorchUnavailableException Refusal(string file, string reason, string mend)
    {
        var words = reason.StartsWith(file + ":", StringComparison.Ordinal) ? reason[(file.Length + 1)..].TrimStart() : reason;
        return new TorchUnavailableException($"libtorch cannot be loaded: {file}: {words.ReplaceLineEndings(" ")}: {mend}");
    }
}
