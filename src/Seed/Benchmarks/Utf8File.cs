using System.Buffers;
using System.Globalization;
using System.Text;

namespace LPZero.Seed.Benchmarks;

/// <summary>What every text file that a user gives has to be, and how a place in one is named.</summary>
internal static class Utf8File
{
    /// <summary>Accepts text in UTF-8.</summary>
    /// <param name="text">The file's content.</param>
    /// <param name="path">Its path, for the message.</param>
    /// <exception cref="BenchmarkException">It is not; the message names the first byte that cannot be meant, and its place.</exception>
    public static void Check(ReadOnlySpan<byte> text, string path)
    {
        var index = 0;
        while (index < text.Length)
        {
            if (Rune.DecodeFromUtf8(text[index..], out _, out var length) != OperationStatus.Done)
            {
                throw new BenchmarkException(
                    $"{path}: {PositionOf(text, index)}: the byte 0x{text[index]:X2} is not UTF-8; save the file as UTF-8");
            }

            index += length;
        }
    }

    /// <summary>The place of a byte, as in <c>line 2, position 15</c>; both count from 1, positions in bytes.</summary>
    public static string PositionOf(ReadOnlySpan<byte> text, int index) =>
        Position(text[..index].Count((byte)'\n') + 1, index - text[..index].LastIndexOf((byte)'\n'));

    /// <summary>The same of a line and a position that are known.</summary>
    public static string Position(long? line, long? position) => string.Create(CultureInfo.InvariantCulture,
        $"line {line}, position {position}");
}
