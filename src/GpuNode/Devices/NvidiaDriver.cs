namespace LPZero.GpuNode.Devices;

/// <summary>What NVIDIA's driver shows of itself and of its devices in the file system.</summary>
internal static class NvidiaDriver
{
    /// <summary>Where it shows that.</summary>
    public const string Folder = "/proc/driver/nvidia";

    private const string ModelKey = "Model:";

    /// <summary>The driver's line about its version; null where there is no driver.</summary>
    public static string? Version(string folder = Folder)
    {
        // 'NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  ...'
        var file = Path.Combine(folder, "version");
        return File.Exists(file) ? string.Join(' ', File.ReadLines(file).FirstOrDefault("").Split(' ', StringSplitOptions.RemoveEmptyEntries)) : null;
    }

    /// <summary>
    /// The models of this machine's devices, such as <c>NVIDIA A100-SXM4-40GB</c>; each once, and empty where the driver names none. Which
    /// of them an index of CUDA means is not known here.
    /// </summary>
    public static string Models(string folder = Folder)
    {
        var devices = Path.Combine(folder, "gpus");
        var files = Directory.Exists(devices) ? Directory.EnumerateFiles(devices, "information", SearchOption.AllDirectories) : [];
        return string.Join(" and ", files.SelectMany(File.ReadLines)
            .Where(line => line.StartsWith(ModelKey, StringComparison.Ordinal))
            .Select(line => line[ModelKey.Length..].Trim())
            .Distinct().Order(StringComparer.Ordinal));
    }
}
