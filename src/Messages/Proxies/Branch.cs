namespace LPZero.Messages.Proxies;

/// <summary>One input and the chain of unary operations applied to it.</summary>
public sealed record Branch(InputKind Input, Chain Chain)
{
    /// <summary>True where the chain, or its factor's, holds <see cref="UnaryOperation.Disconnect"/>: the branch is absent.</summary>
    public bool IsDisconnected => Chain.Operations.Contains(UnaryOperation.Disconnect) || Chain.Factor is { IsDisconnected: true };

    /// <summary>The branch as an expression, such as <c>square(abs_log(H))</c>.</summary>
    public override string ToString() => ProxyText.Format(this);
}
