namespace LPZero.Seed.Benchmarks;

/// <summary>Layers upon layers.</summary>
internal static class Stacks
{
    /// <summary>Every stack of so many layers.</summary>
    public static IEnumerable<IEnumerable<T>> Of<T>(IReadOnlyList<T> choices, int layers) =>
        layers == 0 ? [[]] : Of(choices, layers - 1).SelectMany(below => choices.Select(below.Append));
}
