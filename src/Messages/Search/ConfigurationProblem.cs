namespace LPZero.Messages.Search;

/// <summary>A value of a configuration that cannot be meant.</summary>
/// <param name="Field">The field's name in JSON, such as <c>tournamentRatio</c>.</param>
/// <param name="Value">The value as text; empty for a list without entries.</param>
/// <param name="Mend">What to give instead, such as <c>give a number from 1 to 10</c>.</param>
public sealed record ConfigurationProblem(string Field, string Value, string Mend)
{
    /// <summary>The problem in one line, such as <c>unaryOperations 11: give a number from 1 to 10</c>.</summary>
    public override string ToString() => Describe(Field);

    /// <summary>The problem in one line, under another name of the field: that of a command's option.</summary>
    public string Describe(string name) => Value.Length == 0 ? $"{name}: {Mend}" : $"{name} {Value}: {Mend}";
}
