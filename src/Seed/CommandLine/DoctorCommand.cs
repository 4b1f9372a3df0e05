using System.CommandLine;
using System.Globalization;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.SelfTest;
using LPZero.Seed.CommandLine.Cluster;
using LPZero.Seed.Doctor;
using LPZero.Seed.Storage;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero doctor</c>: whether this machine and a device are fit for the program, with the mend where they are not.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var device = new Option<string?>("--device") { Description = "test this device, too: cpu, or cuda:N", HelpName = "DEVICE" };
        var (database, json) = (CommonOptions.Database(), CommonOptions.Json());
        var command = new DescribedCommand(
            "doctor", "Look at what the program needs of this machine, and test a device.", "doctor --device cuda:0")
        {
            device, database, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            var checks = new List<SelfTestCheck>();
            await foreach (var check in ChecksAsync(parsed.GetValue(database)!, parsed.GetValue(device)))
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

    private static async IAsyncEnumerable<SelfTestCheck> ChecksAsync(string database, string? device)
    {
        var location = DatabaseLocation.Parse(database);
        foreach (var check in MachineChecks.Dotnet().Concat(MachineChecks.Torch()).Concat(MachineChecks.Room(location)))
        {
            yield return check;
        }

        foreach (var check in await DatabaseChecks.RunAsync(location, TimeProvider.System))
        {
            yield return check;
        }

        yield return await PortChecks.RunAsync(NodeCommand.DefaultPort, ApiOptions.DefaultPort);
        foreach (var check in DeviceChecks(device))
        {
            yield return check;
        }
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
