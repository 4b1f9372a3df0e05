using System.CommandLine;
using LPZero.Seed.CommandLine.Cluster;
using LPZero.Seed.CommandLine.Settings;

namespace LPZero.Seed.CommandLine;

/// <summary>All commands of the program.</summary>
internal static class Commands
{
    public static RootCommand Root()
    {
        var root = new RootCommand("""
            Searches zero-cost proxies: formulas over what an untrained network shows on one mini-batch, whose value ranks
            language-model architectures as training would (LPZero, arXiv 2410.04808).
            """)
        {
            DemoCommand.Create(),
            SearchCommands.Create(),
            ProxyCommands.Create(),
            EvaluateCommand.Create(),
            NasCommand.Create(),
            TransferCommand.Create(),
            AblateCommand.Create(),
            ReproduceCommand.Create(),
            BenchmarkCommands.Create(),
            NodeCommand.Create(),
            ServeCommand.Create(),
            ClusterCommand.Create(),
            ShellCommand.Create(),
            DoctorCommand.Create(),
            ConfigCommand.Create(),
            CompletionCommand.Create(),
            VerifyCommand.Create(),
            BackupCommands.Backup(),
            BackupCommands.Restore(),
            RunsCommands.Create(),
            HttpSearchService.Connect,
            HttpSearchService.Authority,
            ConfiguredCommand.Config,
        };
        DescribedCommand.ShowExamples(root, beginning: "demo");
        Numbers.ReadInvariantly(root);
        return root;
    }
}
