using System.Collections.Immutable;

namespace LPZero.Messages.Terms;

/// <summary>Terms and scores under the content key of a probed network, shared by all runs and nodes.</summary>
public interface ITermCache
{
    /// <summary>Every stored block of a probed network.</summary>
    /// <exception cref="InvalidDataException">A block is damaged or of a newer version.</exception>
    Task<ImmutableArray<TermBlock>> LoadAsync(string contentKey);

    /// <summary>Stores blocks behind those that are there.</summary>
    Task SaveAsync(string contentKey, ImmutableArray<TermBlock> blocks);

    /// <summary>Every stored score of a probed network by proxies that people designed.</summary>
    Task<ImmutableArray<ProxyScore>> LoadScoresAsync(string contentKey);

    /// <summary>Stores scores; where a proxy has one already, that stays.</summary>
    Task SaveScoresAsync(string contentKey, ImmutableArray<ProxyScore> scores);
}
