using System.Globalization;
using LPZero.Messages;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Spaces.Inputs;

/// <summary>Networks of any kind whose inputs are recorded in files, by the Python client or whatever writes the same.</summary>
public sealed class InputsSpace : ISpace
{
    /// <summary>The space's name.</summary>
    public const string SpaceName = "inputs";

    private const int Parts = 8;

    /// <inheritdoc/>
    public string Name => SpaceName;

    /// <inheritdoc/>
    public NetworkFamily? Family => NetworkFamily.Recorded;

    /// <inheritdoc/>
    public Genotype Parse(string text)
    {
        // The path is last: it may hold colons.
        var parts = text.Split(':', Parts);
        return parts.Length == Parts && parts[0] == SpaceName
            ? new InputsGenotype(
                new RecordedContent(
                    parts[1], (int)Number(parts[2], int.MaxValue), (int)Number(parts[3], int.MaxValue), Number(parts[4]), Number(parts[5]),
                    Number(parts[6])),
                parts[7])
            : throw Error(text);

        long Number(string digits, long most = long.MaxValue) =>
            long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= most
                ? value
                : throw Error(text);
    }

    private static FormatException Error(string text) => new(
        $"'{PrintableText.Shorten(PrintableText.Escape(text))}' does not name recorded inputs: " +
        "inputs:DIGEST:LAYERS:HIDDEN:PARAMETERS:ELEMENTS:LARGEST:PATH");
}
