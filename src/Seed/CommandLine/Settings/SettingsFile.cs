using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using LPZero.Messages;
using LPZero.Seed.Benchmarks;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LPZero.Seed.CommandLine.Settings;

/// <summary>A YAML file of settings: one mapping of keys to values, where a list of values is as good as one with commas.</summary>
internal static class SettingsFile
{
    private const int LargestBytes = 1 << 20;

    /// <summary>What a file says.</summary>
    /// <param name="path">The file.</param>
    /// <param name="keys">The keys that there are.</param>
    /// <exception cref="UsageException">It cannot be read or meant; the message names the line and the mend.</exception>
    public static ImmutableArray<SettingValue> Read(string path, IReadOnlyCollection<string> keys)
    {
        try
        {
            var bytes = InputFile.Read(path, "configuration", LargestBytes);
            Utf8File.Check(bytes, path);
            return Parse(Encoding.UTF8.GetString(bytes), path, keys);
        }
        catch (BenchmarkException problem)
        {
            throw new UsageException(problem.Message);
        }
        catch (YamlException problem)
        {
            throw Error(path, problem.Start, $"is not valid YAML ({Shown(problem.Message.TrimEnd('.').ReplaceLineEndings(" "))})");
        }
        catch (InvalidOperationException)
        {
            throw new UsageException($"{path}: is not valid YAML (brackets or indents do not match); correct it");
        }
    }

    private static ImmutableArray<SettingValue> Parse(string text, string path, IReadOnlyCollection<string> keys)
    {
        var values = ImmutableArray.CreateBuilder<SettingValue>();
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
        {
            return []; // comments alone
        }

        if (parser.TryConsume<Scalar>(out var only) && only.Value.Length > 0)
        {
            throw Error(path, only.Start, $"'{Shown(only.Value)}' is no setting; write KEY: VALUE");
        }

        if (only is null && !parser.TryConsume<MappingStart>(out _))
        {
            throw Error(path, parser.Current!.Start, "give a mapping, a line KEY: VALUE for each setting");
        }

        while (only is null && !parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key))
            {
                throw Error(path, parser.Current!.Start, "is no key; write KEY: VALUE");
            }

            if (!keys.Contains(key.Value, StringComparer.Ordinal))
            {
                throw Error(path, key.Start, $"'{Shown(key.Value)}' is no setting: {NearestNames.Suggest(key.Value, keys)}");
            }

            if (values.Any(value => value.Key == key.Value))
            {
                throw Error(path, key.Start, $"'{key.Value}' is there already; give it once");
            }

            values.Add(new SettingValue(key.Value, Value(parser, path, key.Value), Place(path, key.Start)));
        }

        parser.Consume<DocumentEnd>();
        return parser.TryConsume<StreamEnd>(out _)
            ? values.ToImmutable()
            : throw Error(path, parser.Current!.Start, "a second document begins; give one");
    }

    private static string Value(Parser parser, string path, string key)
    {
        if (parser.TryConsume<SequenceStart>(out var list))
        {
            var parts = new List<string>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                parts.Add(parser.TryConsume<Scalar>(out var part) ? part.Value : throw NoValue(parser.Current!.Start));
            }

            return parts.Count > 0 ? string.Join(',', parts) : throw NoValue(list.Start);
        }

        return parser.TryConsume<Scalar>(out var scalar) && scalar is not { Style: ScalarStyle.Plain, Value: "" or "~" or "null" }
            ? scalar.Value
            : throw NoValue((scalar ?? parser.Current!).Start);

        UsageException NoValue(Mark at) => Error(path, at, $"{key}: give a value, or a list of values, or leave the key out");
    }

    private static UsageException Error(string path, Mark at, string problem) => new($"{Place(path, at)}: {problem}");

    private static string Place(string path, Mark at) => string.Create(CultureInfo.InvariantCulture, $"{path}, line {at.Line}");

    private static string Shown(string text) => PrintableText.Escape(PrintableText.Shorten(text));
}
