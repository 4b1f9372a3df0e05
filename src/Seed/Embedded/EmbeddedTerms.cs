using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Control;
using LPZero.Messages.Terms;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Embedded;

/// <summary>Terms from the devices of this process and the term cache of its database.</summary>
/// <param name="devices">The devices; owned.</param>
/// <param name="store">The term cache.</param>
internal sealed class EmbeddedTerms(DevicePool devices, TermStore store) : ITermCollector, IAsyncDisposable
{
    /// <inheritdoc/>
    public async Task<string> EnsureTermsAsync(WantedTerms wanted, IProgress<TermProgress>? progress, CancellationToken cancellation)
    {
        var profile = await devices.NumericProfileAsync;
        if (!wanted.Branches.IsEmpty)
        {
            ImmutableArray<ProbedNetwork> targets = [.. wanted.Networks.Select(network => new ProbedNetwork(network, wanted.Probe))];
            var known = new KnownTerms(run: null, targets, profile, store, devices, TermPlan.NeededOnce, [TermTable.WithoutValues(targets.Length)]);
            await known.EnsureAsync(wanted.Branches, progress, cancellation);
        }

        return profile;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ImmutableArray<TermBlock>> TermsAsync(StoredTerms stored, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var key in stored.ContentKeys)
        {
            yield return [.. await Task.Run(() => store.Load(key), cancellation)];
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => devices.DisposeAsync();
}
