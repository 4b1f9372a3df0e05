using System.Collections.Immutable;
using LPZero.Messages.Search;

namespace LPZero.Seed.Ablation;

/// <summary>A way to search that others are compared with.</summary>
/// <param name="Name">Its options, as they were typed.</param>
/// <param name="Configurations">What they mean on each set.</param>
internal sealed record ComparedSearch(string Name, ImmutableArray<SearchConfiguration> Configurations)
{
    /// <summary>The name of the search that the command line gives.</summary>
    public const string AsGiven = "as given";
}
