namespace LPZero.Messages.Control;

/// <summary>Why a request cannot be carried out.</summary>
public enum SearchFailure
{
    /// <summary>It does not fit what is there: a name is taken, a run is worked on.</summary>
    Conflict,

    /// <summary>What it is about is not there.</summary>
    Missing,

    /// <summary>It cannot be read.</summary>
    Malformed,

    /// <summary>It can be read, but not meant.</summary>
    Unfit,

    /// <summary>Whoever should answer is away; another try may do.</summary>
    Away,
}

/// <summary>A request that cannot be carried out.</summary>
/// <param name="message">Why, in one line.</param>
/// <param name="failure">What kind of reason that is.</param>
/// <param name="field">The part of the request that is to blame, by its name in JSON or in the address, if one is.</param>
public sealed class SearchServiceException(
    string message, SearchFailure failure = SearchFailure.Conflict, string? field = null) : Exception(message)
{
    /// <summary>What kind of reason it is.</summary>
    public SearchFailure Failure => failure;

    /// <summary>The part of the request that is to blame, if one is.</summary>
    public string? Field { get; } = field;
}
