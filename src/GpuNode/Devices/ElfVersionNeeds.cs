using System.Buffers.Binary;
using System.Text;

namespace LPZero.GpuNode.Devices;

/// <summary>
/// The version needs of a shared library: which versions of which libraries' symbols it asks for (System V gABI with the GNU extensions,
/// Linux Standard Base 5.0, "Symbol Versioning").
/// </summary>
internal static class ElfVersionNeeds
{
    private const ushort Weak = 2;
    private const uint RelocationsWithAddend = 4;
    private const uint Symbols = 11;
    private const uint VersionOfSymbols = 0x6fffffff;
    private const uint VersionNeeds = 0x6ffffffe;
    private const int RelocationSize = 24;

    /// <summary>Marks the need for a version as weak, in place.</summary>
    /// <param name="image">The library: ELF, 64 bits, little-endian.</param>
    /// <param name="version">The version, such as <c>GLIBCXX_3.4.32</c>.</param>
    /// <exception cref="InvalidDataException">
    /// Not such a file, no need for that version, or a relocation refers to one of its symbols: then the library would fail later, and in
    /// other words. <paramref name="image"/> is unchanged.
    /// </exception>
    public static void Weaken(Span<byte> image, string version)
    {
        try
        {
            var sections = Sections(image);
            var (flags, index) = Need(image, sections, version);
            if (UsedBy(image, sections, index) is { } symbol)
            {
                throw new InvalidDataException($"a relocation uses {version} (symbol {symbol})");
            }

            BinaryPrimitives.WriteUInt16LittleEndian(image[flags..], (ushort)(U16(image, flags) | Weak));
        }
        catch (ArgumentOutOfRangeException problem)
        {
            throw new InvalidDataException("the file is cut off or not an ELF library", problem);
        }
    }

    private static List<Section> Sections(ReadOnlySpan<byte> image)
    {
        // 0x7f ELF, class 2 (64 bits), data 1 (little-endian)
        if (!image.StartsWith((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
        {
            throw new InvalidDataException("not an ELF library of 64 bits");
        }

        var (table, size, count) = (Offset(image, 0x28), U16(image, 0x3a), U16(image, 0x3c));
        var sections = new List<Section>();
        for (var i = 0; i < count; i++)
        {
            var at = checked(table + (i * size));
            sections.Add(new Section(U32(image, at + 4), Offset(image, at + 0x18), Offset(image, at + 0x20), (int)U32(image, at + 0x28)));
        }

        return sections;
    }

    // Where the flags of the need are, and the index by which symbols refer to it.
    private static (int Flags, ushort Index) Need(ReadOnlySpan<byte> image, List<Section> sections, string version)
    {
        var needs = One(sections, VersionNeeds);
        var names = sections[needs.Link];
        var library = needs.Start;
        while (true)
        {
            var entry = library + (int)U32(image, library + 8);
            while (true)
            {
                if (Text(image, names.Start + (int)U32(image, entry + 8)) == version)
                {
                    return (entry + 4, U16(image, entry + 6));
                }

                if (U32(image, entry + 12) == 0)
                {
                    break;
                }

                entry += (int)U32(image, entry + 12);
            }

            if (U32(image, library + 12) == 0)
            {
                throw new InvalidDataException($"there is no need for {version}");
            }

            library += (int)U32(image, library + 12);
        }
    }

    private static string? UsedBy(ReadOnlySpan<byte> image, List<Section> sections, ushort version)
    {
        var versions = One(sections, VersionOfSymbols);
        var symbols = One(sections, Symbols);
        foreach (var relocations in sections.Where(section => section.Kind == RelocationsWithAddend))
        {
            for (var at = relocations.Start; at < relocations.Start + relocations.Size; at += RelocationSize)
            {
                var symbol = (int)U32(image, at + 12);
                if (symbol != 0 && (U16(image, versions.Start + (2 * symbol)) & 0x7fff) == version)
                {
                    return Text(image, sections[symbols.Link].Start + (int)U32(image, symbols.Start + (24 * symbol)));
                }
            }
        }

        return null;
    }

    private static Section One(List<Section> sections, uint kind) => sections.Find(section => section.Kind == kind)
        ?? throw new InvalidDataException("the library has no symbol versions");

    private static string Text(ReadOnlySpan<byte> image, int at)
    {
        var rest = image[at..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    private static ushort U16(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt16LittleEndian(image[at..]);

    private static uint U32(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt32LittleEndian(image[at..]);

    private static int Offset(ReadOnlySpan<byte> image, int at)
    {
        var value = BinaryPrimitives.ReadUInt64LittleEndian(image[at..]);
        return value <= int.MaxValue ? (int)value : throw new InvalidDataException("a section lies outside the file");
    }

    private sealed record Section(uint Kind, int Start, int Size, int Link);
}
