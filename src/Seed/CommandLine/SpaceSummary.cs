using System.Globalization;
using LPZero.Coordinator.Pruning;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary>What <c>lpzero proxy space</c> prints.</summary>
internal static class SpaceSummary
{
    public static void Print(int unary, PruningMode mode, bool json)
    {
        if (unary is < 1 or > SpaceSize.LongestBranch)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                $"--unary {unary}: give a number from 1 to {SpaceSize.LongestBranch}"));
        }

        var size = SpaceSize.Measure(unary, mode, Reduction.Mean);
        if (json)
        {
            CommonOptions.PrintJson(new
            {
                unary = size.UnaryOperations,
                pairsOfDifferentInputs = size.PairsOfDifferentInputs,
                unorderedPairs = size.UnorderedPairs,
                orderedPairs = size.OrderedPairs,
                canonical = size.Canonical,
                untouched = size.Untouched,
                rules = size.Rules.Select(share =>
                    new { rule = share.Rule.Name, category = share.Rule.Category, refused = share.Refused, rewritten = share.Rewritten }),
            });
            return;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"raw proxies with {unary} unary operations a branch:"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {size.PairsOfDifferentInputs,14:N0}  over pairs of different inputs, as the paper counts"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {size.UnorderedPairs,14:N0}  over all unordered pairs of inputs"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {size.OrderedPairs,14:N0}  over ordered pairs: what a search can draw"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {size.Canonical,14:N0}  distinct canonical proxies that remain of these"));
        var table = new FittedTable("rule", "category", "refused", "rewritten");
        foreach (var share in size.Rules)
        {
            table.Add(share.Rule.Name, share.Rule.Category.ToString(), share.Refused.ToString("N0", CultureInfo.InvariantCulture),
                share.Rewritten.ToString("N0", CultureInfo.InvariantCulture));
        }

        table.Write(AnsiConsole.Console);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"no rule acts on {size.Untouched:N0}; each other raw proxy counts for the first rule that refuses it, " +
            $"else the first that rewrites it"));
    }
}
