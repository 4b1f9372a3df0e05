using System.Globalization;
using System.Runtime.InteropServices;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.SelfTest;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Doctor;

/// <summary>What the program needs of a machine. A machine without a GPU is as good as any.</summary>
internal static class MachineChecks
{
    private const double LeastFreeGigabytes = 2;
    private const string SdkVersion = "10.";

    /// <summary>The runtime, and the SDK that builds the program where it is not a publish.</summary>
    public static IEnumerable<SelfTestCheck> Dotnet()
    {
        yield return new SelfTestCheck("runtime", true,
            $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");
        // .../dotnet/shared/Microsoft.NETCore.App/10.0.1/ has .../dotnet/sdk/10.0.101/ beside it; a publish has neither.
        var sdks = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "sdk");
        yield return Sdk(
            Directory.Exists(sdks) ? [.. Directory.EnumerateDirectories(sdks).Select(folder => Path.GetFileName(folder)!)] : [],
            isFromSource: Environment.GetEnvironmentVariable("LPZERO_ROOT") is { Length: > 0 });
    }

    /// <summary>The SDK.</summary>
    /// <param name="versions">The versions that are there.</param>
    /// <param name="isFromSource">Whether the launcher in the sources has started the program.</param>
    public static SelfTestCheck Sdk(IReadOnlyList<string> versions, bool isFromSource)
    {
        var fit = versions.LastOrDefault(version => version.StartsWith(SdkVersion, StringComparison.Ordinal));
        return fit is not null
            ? new SelfTestCheck("sdk", true, $".NET SDK {fit}")
            : !isFromSource
                ? new SelfTestCheck("sdk", true, "none beside the runtime; the program that runs needs none")
                : new SelfTestCheck(
                    "sdk", false, versions.Count == 0 ? "no .NET SDK beside the runtime" : $".NET SDK {string.Join(", ", versions)}",
                    "install the .NET 10 SDK from Microsoft's or your distribution's packages");
    }

    /// <summary>libtorch as it was loaded, and NVIDIA's driver.</summary>
    public static IEnumerable<SelfTestCheck> Torch()
    {
        yield return Loaded();
        yield return new SelfTestCheck("driver", true, NvidiaDriver.Version() ?? "none: this machine computes on its CPU");
    }

    /// <summary>Threads and memory of the process, and the disk where the database is, or would be.</summary>
    /// <param name="database">The database, as a user gives it.</param>
    public static IEnumerable<SelfTestCheck> Room(DatabaseLocation database)
    {
        yield return new SelfTestCheck(
            "threads", true, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors"));
        yield return Memory(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9);
        var folder = Folder(database);
        yield return Disk(folder, new DriveInfo(folder).AvailableFreeSpace / 1e9);
    }

    /// <summary>Memory.</summary>
    public static SelfTestCheck Memory(double gigabytes) => Enough(
        "memory", gigabytes, string.Create(CultureInfo.InvariantCulture, $"{gigabytes:F1} GB for this process"),
        "give the process at least 2 GB");

    /// <summary>Disk.</summary>
    public static SelfTestCheck Disk(string folder, double gigabytes) => Enough(
        "disk", gigabytes, string.Create(CultureInfo.InvariantCulture, $"{gigabytes:F1} GB free at {folder}"),
        "make room, or give another place with --db");

    private static SelfTestCheck Enough(string name, double gigabytes, string detail, string mend) =>
        new(name, gigabytes >= LeastFreeGigabytes, detail, gigabytes >= LeastFreeGigabytes ? null : mend);

    private static SelfTestCheck Loaded()
    {
        try
        {
            var library = LibTorch.Load();
            return new SelfTestCheck("libtorch", true,
                $"{library.Version} from {library.Folder} " +
                $"({library.Source}{(library.Patched ? ", version need of TorchSharp's library weakened" : "")})");
        }
        catch (TorchUnavailableException problem)
        {
            return new SelfTestCheck("libtorch", false, problem.Message, "see there");
        }
    }

    // What of the path is there already.
    private static string Folder(DatabaseLocation database)
    {
        var folder = database.FilePath is { } file ? Path.GetDirectoryName(file)! : Directory.GetCurrentDirectory();
        while (!Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
