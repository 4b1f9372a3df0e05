namespace LPZero.GpuNode.Devices;

/// <summary>What NVIDIA's driver shows of itself in the file system.</summary>
public static class NvidiaDriver
{
    /// <summary>Where it shows that.</summary>
    public const string Folder = "/proc/driver/nvidia";

    /// <summary>The driver's line about its version; null where there is no driver.</summary>
    public static string? Version(string folder = Folder)
    {
        // 'NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  ...'
        var file = Path.Combine(folder, "version");
        return File.Exists(file)
            ? string.Join(' ', File.ReadLines(file).FirstOrDefault("").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            : null;
    }
}
