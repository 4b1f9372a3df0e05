using System.CommandLine;
using Spectre.Console;

namespace LPZero.Seed.CommandLine.Cluster;

/// <summary><c>lpzero cluster ...</c>, made from <see cref="ClusterVerbs"/>.</summary>
internal static class ClusterCommand
{
    public static Command Create()
    {
        var cluster = new DescribedCommand(
            "cluster", "See who takes part in a cluster, and let members leave (with --connect).", "--connect 127.0.0.1:4054 cluster show");
        foreach (var verb in ClusterVerbs.All)
        {
            cluster.Subcommands.Add(Command(verb));
        }

        return cluster;
    }

    private static DescribedCommand Command(SearchVerb verb)
    {
        var command = new DescribedCommand(verb.Name, verb.Help, verb.Example) { WorksOnCluster = true };
        verb.AddTo(command);
        command.SetAction(async (parsed, interrupt) =>
        {
            using var service = HttpSearchService.Connected(parsed)
                ?? throw new UsageException($"cluster {verb.Name}: name a coordinator node with --connect HOST:PORT");
            return await ClusterVerbs.RunAsync(service, verb.Name, parsed, Console.Out, AnsiConsole.Console, interrupt);
        });
        return command;
    }
}
