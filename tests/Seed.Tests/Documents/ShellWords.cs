using System.Text;

namespace LPZero.Seed.Tests.Documents;

/// <summary>The words of a line as a shell takes them, up to what ends a command.</summary>
internal static class ShellWords
{
    /// <summary>The words of the first command; quotes are gone, a comment and what goes elsewhere is left out.</summary>
    public static IReadOnlyList<string> Of(string line)
    {
        var (words, word, quote) = (new List<string>(), (StringBuilder?)null, '\0');
        foreach (var c in line)
        {
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
                if (quote != '\0')
                {
                    word!.Append(c);
                }
            }
            else if (c is '\'' or '"')
            {
                (quote, word) = (c, word ?? new StringBuilder());
            }
            else if (c is '>' or '|' or '&' or ';' || (c == '#' && word is null))
            {
                break;
            }
            else if (char.IsWhiteSpace(c))
            {
                End();
            }
            else
            {
                (word ??= new StringBuilder()).Append(c);
            }
        }

        End();
        return words;

        void End()
        {
            if (word is not null)
            {
                words.Add(word.ToString());
                word = null;
            }
        }
    }
}
