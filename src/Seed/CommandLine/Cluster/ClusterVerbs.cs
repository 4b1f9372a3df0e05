using System.Collections.Immutable;
using System.CommandLine;
using LPZero.Messages;
using LPZero.Messages.Control;
using Spectre.Console;

namespace LPZero.Seed.CommandLine.Cluster;

/// <summary>
/// The table of what an operator can say about a cluster: the commands <c>lpzero cluster ...</c> and the prompt are made from it. pbm
/// brings its own.
/// </summary>
internal static class ClusterVerbs
{
    public static readonly Argument<string> Member = new("address")
    {
        Description = "the member's address, as show prints it, or its host and port", HelpName = "ADDRESS",
    };

    public static readonly Argument<string> Region = new("region")
    {
        Description = "runs, or batches-DIGEST of a numeric profile", HelpName = "REGION",
    };

    /// <summary>Every verb, in the order in which help lists them.</summary>
    public static ImmutableArray<SearchVerb> All { get; } =
    [
        new("show", "Show the members of the cluster, its leader, and who has lost sight of whom.",
            "--connect 127.0.0.1:4054 cluster show", [SearchVerbs.Json]),
        new("leave", "Let a member hand over what it has, and leave.",
            "--connect 127.0.0.1:4054 cluster leave 10.0.0.6:4053", [Member, SearchVerbs.Json]),
        new("down", "Hold a member dead that is unreachable and will not be back.",
            "--connect 127.0.0.1:4054 cluster down 10.0.0.6:4053", [Member, SearchVerbs.Json]),
        new("shards", "List the shards of a region and where they are.",
            "--connect 127.0.0.1:4054 cluster shards runs", [Region, SearchVerbs.Json]),
    ];

    /// <summary>Carries out a verb.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="verb">The verb's name in the table.</param>
    /// <param name="parsed">Its arguments.</param>
    /// <param name="output">Where lines go.</param>
    /// <param name="console">Where tables go.</param>
    /// <param name="interrupt">Gives up.</param>
    /// <exception cref="SearchServiceException">It cannot be carried out; the message says why.</exception>
    public static async Task<int> RunAsync(
        ISearchService cluster, string verb, ParseResult parsed, TextWriter output, IAnsiConsole console, CancellationToken interrupt)
    {
        switch (verb)
        {
            case "show":
                var membership = await cluster.MembersAsync(interrupt);
                Print(membership, () => Write(membership, output, console));
                break;
            case "shards":
                var shards = await cluster.ShardsAsync(parsed.GetValue(Region)!, interrupt);
                Print(shards, () => Write(shards, console));
                break;
            default:
                var operation = verb == "leave" ? MemberOperation.Leave : MemberOperation.Down;
                var member = await cluster.ChangeMemberAsync(parsed.GetValue(Member)!, operation, interrupt);
                Print(new { member, operation }, () => output.WriteLine(
                    operation == MemberOperation.Leave ? $"{member} is leaving" : $"{member} is held dead"));
                break;
        }

        return ExitCode.Done;

        void Print<T>(T value, Action forPeople)
        {
            if (parsed.GetValue(SearchVerbs.Json))
            {
                output.WriteLine(JsonDocuments.Text(value, MessageJson.Indented));
            }
            else
            {
                forPeople();
            }
        }
    }

    private static void Write(ClusterMembership membership, TextWriter output, IAnsiConsole console)
    {
        var unreachable = membership.Unreachable.ToDictionary(member => member.Node, StringComparer.Ordinal);
        var table = new FittedTable("member", "status", "roles", "", "unreachable for");
        foreach (var member in membership.Members)
        {
            string[] marks =
            [
                .. member.Node == membership.Leader ? ["leader"] : Array.Empty<string>(),
                .. member.Node == membership.Oldest ? ["oldest"] : Array.Empty<string>(),
            ];
            table.Add(
                member.Node, member.Status, string.Join(", ", member.Roles), string.Join(", ", marks),
                unreachable.TryGetValue(member.Node, out var lost) ? string.Join(", ", lost.ObservedBy) : "");
        }

        table.Write(console);
        output.WriteLine($"as {membership.SelfNode} sees it");
    }

    private static void Write(ShardListings shards, IAnsiConsole console)
    {
        var table = new FittedTable("shard", "entities", "member");
        foreach (var shard in shards.Regions)
        {
            table.Add(shard.ShardId, shard.NumEntities.ToString(System.Globalization.CultureInfo.InvariantCulture), shard.Node);
        }

        table.Write(console);
    }
}
