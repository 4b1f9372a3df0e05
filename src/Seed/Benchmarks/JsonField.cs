using System.Globalization;
using System.Text.Json;
using LPZero.Messages;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>A value in a JSON file that knows its path, so that an error can say which field is wrong.</summary>
internal readonly record struct JsonField(JsonElement Element, string File, string Path)
{
    public BenchmarkException Error(string problem) =>
        new(PrintableText.Escape($"{File}: {PrintableText.Shorten(Path)}: {PrintableText.Shorten(problem, longest: 300)}"));

    /// <summary>The member of that name, which must be an object.</summary>
    public JsonField Object(string name) => Member(name, JsonValueKind.Object, "an object");

    /// <summary>The items of the member of that name, which must be an array of at least one.</summary>
    public JsonField[] Array(string name)
    {
        var items = Member(name, JsonValueKind.Array, "an array").Items();
        return items.Length > 0 ? items : throw Child(name).Error("is empty; give at least one");
    }

    /// <summary>The items of this array.</summary>
    public JsonField[] Items()
    {
        var parent = this;
        return Element.ValueKind == JsonValueKind.Array
            ? [.. Element.EnumerateArray().Select((item, index) =>
                parent with { Element = item, Path = string.Create(CultureInfo.InvariantCulture, $"{parent.Path}[{index}]") })]
            : throw Expected("an array");
    }

    /// <summary>The members of this object.</summary>
    public IEnumerable<(string Name, JsonField Value)> Members()
    {
        var parent = this;
        return Element.EnumerateObject().Select(member => (member.Name, parent.Child(member.Name) with { Element = member.Value }));
    }

    /// <summary>The members of this value, which must be an object without two members of one name.</summary>
    public (string Name, JsonField Value)[] ObjectMembers()
    {
        var members = Element.ValueKind == JsonValueKind.Object ? Members().ToArray() : throw Expected("an object");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return members.FirstOrDefault(member => !seen.Add(member.Name)) is { Name: not null } twice
            ? throw twice.Value.Error("is there already; give each name once")
            : members;
    }

    public bool Boolean(string name)
    {
        var member = Optional(name) ?? throw Child(name).Missing("true or false");
        return member.Element.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? member.Element.GetBoolean()
            : throw member.Expected("true or false");
    }

    /// <summary>A text that can be printed.</summary>
    public string Text(string name) => Member(name, JsonValueKind.String, "a text").AsText();

    /// <summary>A text that can be printed.</summary>
    public string AsText()
    {
        var text = Element.ValueKind == JsonValueKind.String ? Element.GetString()! : throw Expected("a text");
        return PrintableText.FindProblem(text) is { } problem ? throw Error(problem) : text;
    }

    /// <summary>A text that can name something.</summary>
    public string Name(string name)
    {
        var text = Text(name);
        return PrintableText.FindProblemOfName(text) is { } problem ? throw Optional(name)!.Value.Error(problem) : text;
    }

    /// <summary>A name, or a number as one: the public form writes names both ways.</summary>
    public string NameOrNumber(string name)
    {
        const string Wanted = "a text or a number";
        var member = Optional(name) ?? throw Child(name).Missing(Wanted);
        var text = member.Element.ValueKind switch
        {
            JsonValueKind.String => member.Element.GetString()!,
            JsonValueKind.Number => member.Element.GetRawText(),
            _ => throw member.Expected(Wanted),
        };
        return PrintableText.FindProblemOfName(text) is { } problem ? throw member.Error(problem) : text;
    }

    public int Integer(string name, Bounds bounds) =>
        (Optional(name) ?? throw Child(name).Missing(WholeNumber(bounds))).AsInteger(bounds);

    public int AsInteger(Bounds bounds) =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out var value) && bounds.Contain(value)
            ? value
            : throw Expected(WholeNumber(bounds));

    public double Number(string name)
    {
        var value = NumberOrNot(name);
        return double.IsFinite(value) ? value : throw Optional(name)!.Value.Expected("a finite number");
    }

    /// <summary>The number, which may be infinite or NaN only if it was written so.</summary>
    public double NumberOrNot(string name) => (Optional(name) ?? throw Child(name).Missing("a number")).AsNumberOrNot();

    /// <summary>The number, which may be infinite or NaN only if it was written so.</summary>
    public double AsNumberOrNot() => Element.ValueKind switch
    {
        JsonValueKind.Number when double.IsFinite(Element.GetDouble()) => Element.GetDouble(),
        JsonValueKind.Number => throw Error("is too large for a number"),
        JsonValueKind.String when NonFiniteLiterals.TryRead(Element.GetString()!, out var value) => value,
        _ => throw Expected("a number"),
    };

    public double NumberWithin(string name, double low, double high)
    {
        var value = NumberOrNot(name);
        return value >= low && value <= high
            ? value
            : throw Optional(name)!.Value.Expected(string.Create(CultureInfo.InvariantCulture, $"a number from {low} to {high}"));
    }

    public ulong Seed(string name)
    {
        const string Wanted = "a whole number of at least 0";
        var member = Optional(name) ?? throw Child(name).Missing(Wanted);
        return member.Element.ValueKind == JsonValueKind.Number && member.Element.TryGetUInt64(out var value)
            ? value
            : throw member.Expected(Wanted);
    }

    /// <summary>The member of that name, or null where it is missing.</summary>
    public JsonField? Optional(string name)
    {
        if (Element.ValueKind != JsonValueKind.Object)
        {
            throw Expected("an object");
        }

        return Element.TryGetProperty(name, out var value) ? Child(name) with { Element = value } : null;
    }

    public BenchmarkException Expected(string wanted) => Error($"expected {wanted} but found {Found()}");

    private static string WholeNumber(Bounds bounds) => $"a whole number {bounds}";

    private JsonField Child(string name) => this with { Element = default, Path = $"{Path}.{name}" };

    private BenchmarkException Missing(string wanted) => Error($"is missing; add {wanted}");

    private JsonField Member(string name, JsonValueKind kind, string wanted)
    {
        var member = Optional(name) ?? throw Child(name).Missing(wanted);
        return member.Element.ValueKind == kind ? member : throw member.Expected(wanted);
    }

    private string Found()
    {
        var text = Element.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            JsonValueKind.Null => "null",
            JsonValueKind.String => $"the text {Element.GetRawText()}",
            _ => Element.GetRawText(),
        };
        return text.Length <= 60 ? text : text[..57] + "...";
    }
}
