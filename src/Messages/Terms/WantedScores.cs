using System.Collections.Immutable;
using System.Globalization;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;

namespace LPZero.Messages.Terms;

/// <summary>Scores that are wanted: every proxy on every network.</summary>
/// <param name="Networks">The networks, as genotypes with their shapes resolved.</param>
/// <param name="Probe">How they are probed.</param>
/// <param name="Proxies">Ids of proxies that people designed, at least one.</param>
/// <param name="NumericProfile">What the scores must be computed with; null where the devices are free to choose.</param>
public sealed record WantedScores(
    ImmutableArray<Genotype> Networks, ProbeSettings Probe, ImmutableArray<string> Proxies, string? NumericProfile = null)
{
    private const int MostProxies = 1000;

    /// <summary>
    /// Branches whose terms will be asked for next: where a network is passed over for its scores, they are computed along with them and
    /// stored, memory allowing. None where that is not known.
    /// </summary>
    public ImmutableArray<Branch> Along { get; init; } = [];

    /// <summary>Why they cannot be meant, in one line, or null where they can.</summary>
    public string? FindProblem()
    {
        if (Proxies.IsDefaultOrEmpty || Proxies.Length > MostProxies)
        {
            return string.Create(CultureInfo.InvariantCulture, $"give from 1 to {MostProxies} proxies");
        }

        return Proxies.Any(string.IsNullOrWhiteSpace)
            ? "a proxy has no id"
            : new WantedTerms(Networks, Probe, Along).FindProblem();
    }
}
