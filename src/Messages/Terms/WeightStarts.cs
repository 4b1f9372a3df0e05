namespace LPZero.Messages.Terms;

/// <summary>The names of <see cref="WeightStart"/> on the command line.</summary>
public static class WeightStarts
{
    private static readonly string[] Names = ["normal", "as-trained"];

    /// <summary>Every name, in the order of <see cref="WeightStart"/>.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The name, such as <c>as-trained</c>.</summary>
    public static string Name(WeightStart start) => Names[(int)start];

    /// <summary>The start of that name.</summary>
    /// <exception cref="FormatException">There is none; the message names the nearest.</exception>
    public static WeightStart Parse(string name)
    {
        var index = Array.IndexOf(Names, name);
        return index >= 0 ? (WeightStart)index : throw new FormatException($"unknown start '{name}'; {NearestNames.Suggest(name, Names)}");
    }
}
