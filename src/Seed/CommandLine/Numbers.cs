using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace LPZero.Seed.CommandLine;

/// <summary>Numbers on the command line, which are the same in every language: 0.5, and neither 0,5 nor 1,000.</summary>
internal static class Numbers
{
    /// <summary>
    /// Lets every option of the command and of those below it that takes a fraction refuse commas, which are else left out (0,5 is 05).
    /// </summary>
    public static void ReadInvariantly(Command command)
    {
        foreach (var option in command.Options)
        {
            switch (option)
            {
                case Option<double> number:
                    number.CustomParser = result => Read(result) ?? 0;
                    break;
                case Option<double?> number:
                    number.CustomParser = Read;
                    break;
            }
        }

        foreach (var below in command.Subcommands)
        {
            ReadInvariantly(below);
        }
    }

    private static double? Read(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        result.AddError($"{result.Argument.Name} {text}: give a number, with a point before its fraction");
        return null;
    }
}
