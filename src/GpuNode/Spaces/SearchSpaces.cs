using System.Collections.Immutable;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.GpuNode.Spaces.Gpt2;
using LPZero.GpuNode.Spaces.HwGpt;
using LPZero.GpuNode.Spaces.Inputs;
using LPZero.GpuNode.Spaces.OpenLm;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Spaces;

/// <summary>Search spaces by their names.</summary>
public sealed class SearchSpaces
{
    /// <summary>Those that the program knows. A new one is a folder beside this file and an entry here.</summary>
    public static readonly SearchSpaces Known =
        new([new FlexiBertSpace(), new Gpt2Space(), new HwGptSpace(), new InputsSpace(), new OpenLmSpace()]);

    private readonly ImmutableSortedDictionary<string, ISpace> byName;

    /// <summary>The given spaces.</summary>
    public SearchSpaces(IEnumerable<ISpace> spaces) =>
        byName = spaces.ToImmutableSortedDictionary(space => space.Name, space => space, StringComparer.Ordinal);

    /// <summary>All of them, by name.</summary>
    public IEnumerable<ISpace> All => byName.Values;

    /// <summary>The networks of that size which the spaces give to test a device with.</summary>
    public IEnumerable<ProbedNetwork> SamplesOf(SampleSize size) => All.Select(space => space.SampleOf(size)).OfType<ProbedNetwork>();

    /// <summary>The space of that name.</summary>
    /// <exception cref="FormatException">There is none; the message names the known ones, in one line.</exception>
    public ISpace this[string name] => byName.TryGetValue(name, out var space) ? space : throw new FormatException(
        $"unknown search space '{PrintableText.Shorten(PrintableText.Escape(name))}'; known are {string.Join(", ", byName.Keys)}");

    /// <summary>Reads a genotype of any of the spaces, by the name that its text begins with.</summary>
    /// <param name="text">What a genotype's <see cref="Genotype.ToString"/> wrote, or what an earlier version stored.</param>
    /// <exception cref="FormatException">It is of no known space, or not written as that space writes; the message is one line.</exception>
    public Genotype Parse(string text) =>
        (All.FirstOrDefault(space => space.IsEarlierForm(text)) ?? this[text.Split(':', 2)[0]]).Parse(text);
}
