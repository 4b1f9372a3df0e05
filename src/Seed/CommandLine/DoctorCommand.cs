using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.SelfTest;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero doctor</c>: whether this machine and a device are fit for the program, with the mend where they are not.</summary>
internal static class DoctorCommand
{
    private const double LeastFreeGigabytes = 2;

    public static Command Create()
    {
        var device = new Option<string?>("--device") { Description = "test this device, too: cpu, or cuda:N", HelpName = "DEVICE" };
        var (database, json) = (CommonOptions.Database(), CommonOptions.Json());
        var command = new DescribedCommand(
            "doctor", "Look at what the program needs of this machine, and test a device.", "doctor --device cuda:0")
        {
            device, database, json,
        };
        command.SetAction(parsed =>
        {
            var checks = new List<SelfTestCheck>();
            foreach (var check in Machine(parsed.GetValue(database)!).Concat(DeviceChecks(parsed.GetValue(device))))
            {
                checks.Add(check);
                if (!parsed.GetValue(json))
                {
                    Console.Out.WriteLine(
                        $"{(check.Ok ? "ok  " : "BAD ")} {check.Name}: {check.Detail}{(check.Mend is { } mend ? $": {mend}" : "")}");
                }
            }

            if (parsed.GetValue(json))
            {
                CommonOptions.PrintJson(new { Checks = checks });
            }

            return checks.TrueForAll(check => check.Ok) ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static IEnumerable<SelfTestCheck> Machine(string database)
    {
        yield return new SelfTestCheck("runtime", true,
            $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");
        yield return Loaded();
        yield return new SelfTestCheck(
            "threads", true, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors"));
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9;
        yield return new SelfTestCheck(
            "memory", memory >= LeastFreeGigabytes, string.Create(CultureInfo.InvariantCulture, $"{memory:F1} GB for this process"),
            memory >= LeastFreeGigabytes ? null : "give the process at least 2 GB");
        yield return Disk(database);
    }

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

    private static SelfTestCheck Disk(string database)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(database))!;
        while (!Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        var free = new DriveInfo(folder).AvailableFreeSpace / 1e9;
        var enough = free >= LeastFreeGigabytes;
        return new SelfTestCheck(
            "disk", enough, string.Create(CultureInfo.InvariantCulture, $"{free:F1} GB free at {folder}"),
            enough ? null : "make room, or give another place with --db");
    }

    // A device that is not there is a finding, not a failure of the command.
    private static IEnumerable<SelfTestCheck> DeviceChecks(string? device)
    {
        if (device is null)
        {
            yield break;
        }

        if (device != "cpu"
            && !(device.StartsWith("cuda:", StringComparison.Ordinal)
                && int.TryParse(device[5..], NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            throw new UsageException($"--device {device}: give cpu, or a CUDA device such as cuda:0");
        }

        using var checks = DeviceSelfTest.Run(device).GetEnumerator();
        while (true)
        {
            SelfTestCheck? problem = null;
            try
            {
                if (!checks.MoveNext())
                {
                    yield break;
                }
            }
            catch (TorchUnavailableException missing)
            {
                problem = new SelfTestCheck("device", false, missing.Message, "see there");
            }

            yield return problem ?? checks.Current;
            if (problem is not null)
            {
                yield break;
            }
        }
    }
}
