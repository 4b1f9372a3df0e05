using System.Collections.Immutable;
using System.Globalization;
using LPZero.Messages;
using LPZero.Messages.Control;

namespace LPZero.Seed.Storage;

/// <summary>What a user's word for something stored means, or why it means nothing.</summary>
internal static class StoredNames
{
    /// <summary>The benchmark of a name or of the first digits of a digest.</summary>
    /// <exception cref="SearchServiceException">There is none of that name, or more than one.</exception>
    public static BenchmarkListing Meant(IEnumerable<BenchmarkListing> benchmarks, string name)
    {
        var meant = benchmarks.Where(listing => listing.IsMeantBy(name)).ToList();
        return meant.Count == 1
            ? meant[0]
            : throw (meant.Count == 0
                ? new SearchServiceException(
                    $"no run was started with a benchmark '{name}': benchmark list shows those that are known", SearchFailure.Missing)
                : new SearchServiceException(
                    $"{meant.Count.ToString(CultureInfo.InvariantCulture)} benchmarks are named '{name}': " +
                    "give the first digits of a digest that benchmark list shows"));
    }

    /// <summary>That there is no such run, with the nearest names where there are any.</summary>
    public static SearchServiceException NoRun(string run, ImmutableArray<RunListing> known) => new(
        known.IsEmpty
            ? $"there is no run '{run}'"
            : $"there is no run '{run}'; {NearestNames.Suggest(run, [.. known.Select(listing => listing.Name)])}",
        SearchFailure.Missing);
}
