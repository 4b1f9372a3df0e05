using System.Collections.Immutable;
using System.Globalization;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;

namespace LPZero.Messages.Terms;

/// <summary>Terms that are to be known: every branch on every network.</summary>
/// <param name="Networks">The networks, as genotypes with their shapes resolved.</param>
/// <param name="Probe">How they are probed.</param>
/// <param name="Branches">The branches; with none of them nothing is computed.</param>
/// <param name="NumericProfile">What the terms must be computed with; null where the devices are free to choose.</param>
public sealed record WantedTerms(
    ImmutableArray<Genotype> Networks, ProbeSettings Probe, ImmutableArray<Branch> Branches, string? NumericProfile = null)
{
    /// <summary>
    /// The most terms that may be wanted at once: a space of 10,000 networks and every chain of two operations is a third of it.
    /// </summary>
    public const long Most = 100_000_000;

    /// <summary>Why they cannot be meant, in one line, or null where they can.</summary>
    public string? FindProblem()
    {
        if (Networks.IsDefaultOrEmpty || Branches.IsDefault)
        {
            return "the networks or the branches are missing";
        }

        if ((long)Networks.Length * Branches.Length > Most)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"{Networks.Length} networks and {Branches.Length} branches are more than {Most} terms: ask for them in parts");
        }

        return Probe.FindProblem() ?? FindProblemOfNetworks() ?? FindProblemOf(Branches);
    }

    /// <summary>That a branch is absent or longer than any, or a product that there is not, in one line, or null where none is.</summary>
    internal static string? FindProblemOf(ImmutableArray<Branch> branches)
    {
        foreach (var branch in branches)
        {
            if (branch.IsDisconnected || branch.Chain.Count > Chain.MaximumWrittenLength
                || branch.Chain.Factor?.Chain.Count > Chain.MaximumWrittenLength)
            {
                return $"the branch {branch} has no terms";
            }

            if (branch.Chain.Factor is { } factor && !TensorProduct.Exists(branch, factor))
            {
                return $"the product {branch} has no terms: its sides are no tensors of one shape";
            }
        }

        return null;
    }

    private string? FindProblemOfNetworks()
    {
        foreach (var (index, network) in Networks.Index())
        {
            if ((network is null ? "is missing" : network.FindProblem() ?? network.FindMisfit(Probe.Sizes)) is { } problem)
            {
                return string.Create(CultureInfo.InvariantCulture, $"network {index}: {problem}");
            }
        }

        return null;
    }
}

/// <summary>Terms that are to be read from the term cache: every branch on every network.</summary>
/// <param name="ContentKeys">The networks, by the content keys of their terms (<see cref="ProbedNetwork.Key"/>).</param>
/// <param name="Branches">The branches.</param>
public sealed record StoredTerms(ImmutableArray<string> ContentKeys, ImmutableArray<Branch> Branches)
{
    private const int KeyLength = 64;

    /// <summary>Why they cannot be meant, in one line, or null where they can.</summary>
    public string? FindProblem()
    {
        if (ContentKeys.IsDefault || Branches.IsDefaultOrEmpty)
        {
            return "the content keys or the branches are missing";
        }

        return ContentKeys.Any(key => key is not { Length: KeyLength } || !key.All(char.IsAsciiHexDigitLower))
            ? "a content key is a SHA-256 in 64 hexadecimal digits"
            : WantedTerms.FindProblemOf(Branches);
    }
}

/// <summary>How far the collecting of terms has come.</summary>
/// <param name="Done">Requests answered.</param>
/// <param name="All">Requests in all.</param>
/// <param name="Activity">What is being done or waited for.</param>
/// <param name="Share">
/// Which part of the work is done, from 0 to 1, as far as networks' shapes tell; null where that is not said.
/// </param>
public sealed record TermProgress(int Done, int All, string Activity = TermProgress.Computing, double? Share = null)
{
    /// <summary>The activity while devices are at it.</summary>
    public const string Computing = "computing terms";

    /// <summary>The activity until the first device has said what it computes with.</summary>
    public const string Asking = "asking for a device";

    /// <summary>The activity where none has answered.</summary>
    public const string Waiting = "waiting for a GPU node";

    /// <summary>The activity while devices are at scores.</summary>
    public const string ComputingScores = "computing scores";
}
