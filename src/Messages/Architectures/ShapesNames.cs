namespace LPZero.Messages.Architectures;

/// <summary>The names of <see cref="Shapes"/> in files and on the command line.</summary>
public static class ShapesNames
{
    private static readonly string[] Names = ["as-trained", "genotype", "published"];

    /// <summary>Every name, in the order of <see cref="Shapes"/>.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The name of the shapes, such as <c>as-trained</c>.</summary>
    public static string Name(Shapes shapes) => Names[(int)shapes];

    /// <summary>The shapes of that name.</summary>
    /// <exception cref="FormatException">There are none; the message names the nearest.</exception>
    public static Shapes Parse(string name)
    {
        var index = Array.IndexOf(Names, name);
        return index >= 0 ? (Shapes)index : throw new FormatException($"unknown shapes '{name}'; {NearestNames.Suggest(name, Names)}");
    }
}
