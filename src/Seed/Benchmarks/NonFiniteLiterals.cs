using System.Text;

namespace LPZero.Seed.Benchmarks;

/// <summary>
/// The literals NaN, Infinity and -Infinity, which Python writes although JSON has none. They are read as texts, so
/// that the error about them can name the field.
/// </summary>
internal static class NonFiniteLiterals
{
    private static readonly byte[][] Literals = [.. new[] { "-Infinity", "Infinity", "NaN" }.Select(Encoding.ASCII.GetBytes)];

    /// <summary>The JSON text with every such literal outside of texts put in quotes.</summary>
    public static byte[] Quote(ReadOnlySpan<byte> json)
    {
        var result = new MemoryStream(json.Length + 16);
        var insideText = false;
        for (var i = 0; i < json.Length;)
        {
            var literal = insideText ? null : Starting(json[i..]);
            if (literal is not null)
            {
                result.WriteByte((byte)'"');
                result.Write(literal);
                result.WriteByte((byte)'"');
                i += literal.Length;
                continue;
            }

            if (insideText && json[i] == '\\' && i + 1 < json.Length)
            {
                result.Write(json.Slice(i, 2));
                i += 2;
                continue;
            }

            insideText ^= json[i] == '"';
            result.WriteByte(json[i++]);
        }

        return result.ToArray();
    }

    public static bool TryRead(string text, out double value)
    {
        value = text switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => 0,
        };
        return value != 0;
    }

    private static byte[]? Starting(ReadOnlySpan<byte> json)
    {
        foreach (var literal in Literals)
        {
            if (json.StartsWith(literal))
            {
                return literal;
            }
        }

        return null;
    }
}
