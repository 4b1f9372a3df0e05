namespace LPZero.Seed.Reporting;

/// <summary>
/// Breaks text into lines where a reader expects it: between words, before an operator, and, where a word is longer
/// than a line, behind an opening parenthesis, so that the names of operations stay whole.
/// </summary>
internal static class LineBreaks
{
    /// <summary>The lines of a text, none longer than the width; an empty text is one empty line.</summary>
    /// <param name="text">The text; its own line breaks stay.</param>
    /// <param name="width">Characters a line, at least 1.</param>
    public static List<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        foreach (var paragraph in text.Split('\n'))
        {
            var line = "";
            foreach (var word in Words(paragraph))
            {
                if (line.Length > 0 && line.Length + 1 + word.Length <= width)
                {
                    line += $" {word}";
                    continue;
                }

                if (line.Length > 0)
                {
                    lines.Add(line);
                }

                line = Break(word, width, lines);
            }

            lines.Add(line);
        }

        return lines;
    }

    /// <summary>The fewest characters a line that break no name: the length of the longest piece.</summary>
    public static int Narrowest(string text) =>
        text.Split('\n').SelectMany(Words).SelectMany(Pieces).Select(piece => piece.Length).DefaultIfEmpty(0).Max();

    /// <summary>Adds the full lines of a word that begins a line; returns what is left for the last one.</summary>
    private static string Break(string word, int width, List<string> lines)
    {
        if (word.Length <= width)
        {
            return word;
        }

        var line = "";
        foreach (var piece in Pieces(word))
        {
            if (line.Length > 0 && line.Length + piece.Length > width)
            {
                lines.Add(line.TrimEnd());
                line = "";
            }

            line += piece;
            while (line.Length > width)
            {
                lines.Add(line[..width]);
                line = line[width..];
            }
        }

        return line;
    }

    /// <summary>Words; a sign stays with what follows it.</summary>
    private static IEnumerable<string> Words(string text)
    {
        var sign = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.Length == 1 && !char.IsLetterOrDigit(word[0]))
            {
                sign += $"{word} ";
                continue;
            }

            yield return sign + word;
            sign = "";
        }

        if (sign.Length > 0)
        {
            yield return sign.TrimEnd();
        }
    }

    private static IEnumerable<string> Pieces(string word)
    {
        var start = 0;
        for (var i = 0; i < word.Length - 1; i++)
        {
            if (word[i] is '(' or '[' && word[i + 1] is not (')' or ']'))
            {
                yield return word[start..(i + 1)];
                start = i + 1;
            }
        }

        yield return word[start..];
    }
}
