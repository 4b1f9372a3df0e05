using System.CommandLine;
using Spectre.Console;

namespace LPZero.Seed.CommandLine.Cluster;

/// <summary><c>lpzero shell</c>: a prompt for the verbs of a cluster; what pbm is, without it.</summary>
internal static class ShellCommand
{
    public static Command Create()
    {
        var command = new DescribedCommand(
            "shell", "Say the verbs of search and cluster at a prompt (with --connect); lines may come through a pipe, too.",
            "--connect 127.0.0.1:4054 shell")
        {
            WorksOnCluster = true,
        };
        command.SetAction(async (parsed, interrupt) =>
        {
            using var service = HttpSearchService.Connected(parsed)
                ?? throw new UsageException("shell: name a coordinator node with --connect HOST:PORT");
            var shell = new Shell(service, Console.Out, Console.Error, AnsiConsole.Console)
            {
                IsPrompting = !Console.IsInputRedirected,
            };
            return await shell.RunAsync(Console.In, interrupt);
        });
        return command;
    }
}
