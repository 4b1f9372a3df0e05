using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using LPZero.Cluster.Tests.Processes;

namespace LPZero.Cluster.Tests.Deploy;

/// <summary>Slurm on this machine alone, in a temporary folder and on free ports.</summary>
internal sealed class SlurmMachine : IAsyncDisposable
{
    private static readonly string[] Programs = ["munged", "slurmctld", "slurmd", "sbatch", "scontrol"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly string folder;

    private SlurmMachine(string folder) => this.folder = folder;

    /// <summary>Why there is none to be had; null where there is.</summary>
    public static string? Missing => Environment.UserName != "root" ? "Slurm's daemons want to be root"
        : Programs.All(program => Path.Exists($"/usr/sbin/{program}") || Path.Exists($"/usr/bin/{program}")) ? null
        : "Slurm is not installed (Debian: apt install slurm-wlm munge)";

    /// <summary>Starts the daemons; jobs can be submitted at once.</summary>
    /// <param name="folder">An empty folder, whose path is short enough for a socket in it.</param>
    public static async Task<SlurmMachine> StartAsync(string folder)
    {
        var (host, key) = (Dns.GetHostName().Split('.')[0], Path.Combine(folder, "key"));
        foreach (var name in new[] { "state", "spool" })
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
        }

        await File.WriteAllBytesAsync(key, RandomNumberGenerator.GetBytes(128));
        File.SetUnixFileMode(key, UnixFileMode.UserRead);
        await File.WriteAllTextAsync(Path.Combine(folder, "slurm.conf"), string.Create(CultureInfo.InvariantCulture, $"""
            ClusterName=test
            SlurmctldHost={host}(127.0.0.1)
            SlurmUser=root
            SlurmdUser=root
            AuthType=auth/munge
            AuthInfo=socket={folder}/munge,cred_expire=5
            CryptoType=crypto/munge
            SlurmctldPort={Ports.Free()}
            SlurmdPort={Ports.Free()}
            StateSaveLocation={folder}/state
            SlurmdSpoolDir={folder}/spool
            SlurmctldPidFile={folder}/slurmctld.pid
            SlurmdPidFile={folder}/slurmd.pid
            SlurmctldLogFile={folder}/slurmctld.log
            SlurmdLogFile={folder}/slurmd.log
            SlurmdParameters=config_overrides
            ProctrackType=proctrack/pgid
            TaskPlugin=task/none
            SwitchType=switch/none
            MpiDefault=none
            JobAcctGatherType=jobacct_gather/none
            ReturnToService=2
            SchedulerType=sched/builtin
            SelectType=select/cons_tres
            SelectTypeParameters=CR_CPU
            KillWait=150
            NodeName={host} NodeAddr=127.0.0.1 CPUs=8 State=UNKNOWN
            PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP

            """));
        var slurm = new SlurmMachine(folder);
        await slurm.RunAsync("munged", "--force", $"--socket={folder}/munge", $"--key-file={key}", $"--log-file={folder}/munged.log",
            $"--pid-file={folder}/munged.pid", $"--seed-file={folder}/munged.seed");
        await slurm.RunAsync("slurmctld");
        await slurm.RunAsync("slurmd", "-N", host);
        return slurm;
    }

    /// <summary>Submits deploy/lpzero.slurm for this machine without a GPU, and returns the job's number.</summary>
    public async Task<string> SubmitAsync(int port, string program, string database) => (await RunAsync("env",
        $"PORT={port.ToString(CultureInfo.InvariantCulture)}", $"PROGRAM={program}", $"LPZERO_DB={database}", "DEVICES=cpu", "GPU_MEMORY=1",
        "sbatch", "--parsable", "--nodes=1", "--gpus-per-node=0", "--ntasks-per-node=2", $"--output={folder}/job.log",
        Path.Combine(Repository.Root!, "deploy", "lpzero.slurm"))).Trim();

    /// <summary>Runs one of Slurm's programs to its end and returns what it prints.</summary>
    public async Task<string> RunAsync(string program, params string[] arguments)
    {
        // To a file: a daemon outlives the program that starts it, and would keep a pipe open.
        var output = Path.Combine(folder, "output");
        var start = new ProcessStartInfo("sh") { UseShellExecute = false };
        start.Environment["SLURM_CONF"] = Path.Combine(folder, "slurm.conf");
        const string script = "out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null";
        foreach (var argument in (string[])["-c", script, "sh", output, program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        var text = await File.ReadAllTextAsync(output);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {text}");
        return text;
    }

    /// <summary>Everything that job and daemons have said.</summary>
    public string Logs() => string.Join('\n', Directory.EnumerateFiles(folder, "*.log").Select(File.ReadAllText));

    public async ValueTask DisposeAsync()
    {
        foreach (var file in Directory.GetFiles(folder, "*.pid"))
        {
            var number = (await File.ReadAllTextAsync(file)).Trim();
            using var daemon = Process.GetProcessById(int.Parse(number, CultureInfo.InvariantCulture));
            await RunAsync("kill", number);
            // What it has to store yet goes into the folder, which is deleted next.
            await daemon.WaitForExitAsync().WaitAsync(Patience);
        }
    }
}

/// <summary>A test that needs Slurm's programs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SlurmFactAttribute : FactAttribute
{
    public SlurmFactAttribute() => Skip = SlurmMachine.Missing;
}
