namespace LPZero.Messages.Predictors;

/// <summary>What is made of a part's value before it is standardised.</summary>
public enum PartTransform
{
    /// <summary>The value itself.</summary>
    None,

    /// <summary>sign(v) ln(1 + |v|): what spans several orders of magnitude becomes comparable, and 0 stays 0.</summary>
    Log,
}

/// <summary>Carries out <see cref="PartTransform"/>.</summary>
public static class PartTransforms
{
    /// <summary>The transformed value; NaN stays NaN.</summary>
    public static double Apply(PartTransform transform, double value) => transform switch
    {
        PartTransform.None => value,
        PartTransform.Log => Math.CopySign(Math.Log(1 + Math.Abs(value)), value),
        _ => throw new ArgumentOutOfRangeException(nameof(transform), transform, null),
    };
}
