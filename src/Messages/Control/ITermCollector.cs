using System.Collections.Immutable;
using LPZero.Messages.Terms;

namespace LPZero.Messages.Control;

/// <summary>
/// Terms and scores of any networks, whoever computes them: a search in the process, the devices of this machine, or a cluster.
/// </summary>
public interface ITermCollector
{
    /// <summary>
    /// Makes terms known: what the term cache lacks is computed and stored. Where no chains are wanted, it ends as soon as a device
    /// has said what it computes with.
    /// </summary>
    /// <param name="wanted">The terms.</param>
    /// <param name="progress">Told how far it has come, on any thread; null where nobody wants to know.</param>
    /// <param name="cancellation">Asks for nothing more; what was computed is kept.</param>
    /// <returns>The numeric profile that the terms are computed with, which their content keys depend on.</returns>
    /// <exception cref="SearchServiceException">They cannot be meant, a device will never compute them, or the term
    /// cache fails.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    Task<string> EnsureTermsAsync(WantedTerms wanted, IProgress<TermProgress>? progress, CancellationToken cancellation);

    /// <summary>
    /// Terms that are known, network after network in the order of the keys: for each a block of every input that the branches have.
    /// </summary>
    /// <param name="stored">The terms.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SearchServiceException">They cannot be meant, or some are not known: <see cref="EnsureTermsAsync"/>
    /// comes before.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    IAsyncEnumerable<ImmutableArray<TermBlock>> TermsAsync(StoredTerms stored, CancellationToken cancellation);

    /// <summary>
    /// What proxies that people designed say of networks, in the order of the networks and of the proxies. What is not stored is computed,
    /// and stored.
    /// </summary>
    /// <param name="wanted">The scores.</param>
    /// <param name="progress">Told how far it has come, on any thread; null where nobody wants to know.</param>
    /// <param name="cancellation">Asks for nothing more; what was computed is kept.</param>
    /// <exception cref="SearchServiceException">They cannot be meant, a device will never compute them, or their storage fails.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    Task<ImmutableArray<ImmutableArray<ProxyScore>>> ScoresAsync(
        WantedScores wanted, IProgress<TermProgress>? progress, CancellationToken cancellation);
}
